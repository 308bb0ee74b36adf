import { named, text } from './texts';

/** Which key does what. Keys are as KeyboardEvent.key says, letters in lower case; '' is none. */
export const DEFAULT_KEYS = {
  answer1: '1',
  answer2: '2',
  answer3: '3',
  answer4: '4',
  answer5: '5',
  answer6: '6',
  answer7: '7',
  answer8: '8',
  answer9: '9',
  skip: '0',
  undo: 'u',
  blink: 'b',
  invert: 'i',
  stretch: 's',
  colours: 'c',
  zoomIn: '+',
  zoomOut: '-',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  up: 'ArrowUp',
  down: 'ArrowDown',
  star: 'f',
  guide: 'g',
  help: '?',
};

export type Action = keyof typeof DEFAULT_KEYS;
export type Bindings = Record<Action, string>;

export const ACTIONS = Object.keys(DEFAULT_KEYS) as Action[];

/** @param answers labels of the workflow's answers */
export function wordsFor(action: Action, answers: readonly string[]): string {
  if (!action.startsWith('answer')) return named('key', action);
  return text('keyAnswer', { answer: answers[Number(action.slice(6)) - 1] ?? '' });
}

/** The key of an event as bindings name it; '' for keys that cannot be bound. */
export function keyOf(event: KeyboardEvent): string {
  const { key } = event;
  if (/^Arrow(Left|Right|Up|Down)$/.test(key)) return key;
  // The space bar and Enter press the focused button; Tab and Escape move on.
  return [...key].length === 1 && key !== ' ' ? key.toLowerCase() : '';
}

/** What a key does; undefined if nothing. On many keyboards + needs shift, so = stands for it unless it has its own use. */
export function actionOf(key: string, keys: Bindings): Action | undefined {
  if (key === '') return undefined;
  return ACTIONS.find((action) => keys[action] === key) ?? (key === '=' ? ACTIONS.find((action) => keys[action] === '+') : undefined);
}

/** How a key is written on its cap. */
export function cap(key: string): string {
  const arrows: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', '-': '−', '': text('keyNone') };
  return arrows[key] ?? key.toUpperCase();
}

/** The bindings with one changed; whatever had that key takes the old one in exchange. */
export function bind(keys: Bindings, action: Action, key: string): { keys: Bindings; displaced: Action | undefined } {
  const displaced = ACTIONS.find((other) => other !== action && keys[other] === key);
  const changed = { ...keys, [action]: key };
  if (displaced) changed[displaced] = keys[action];
  return { keys: changed, displaced };
}
