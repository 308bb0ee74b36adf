import { MAPS } from '../shared/colours';
import { type Look, STRETCHES } from '../shared/stretch';
import { type Action, ACTIONS, bind, type Bindings, cap, DEFAULT_KEYS, keyOf, wordsFor } from './keys';
import { keepKeys, keepKeysOn, keysOn, readKeys } from './preferences';
import { text } from './texts';

/** The dialog in which keys are changed or switched off and the look of the images is chosen. */
export class Settings {
  private bindings: Bindings = readKeys();
  private on = keysOn();
  /** The action whose new key is awaited. */
  private awaited: Action | null = null;
  private readonly buttons = new Map<Action, HTMLButtonElement>();
  private readonly note: HTMLElement;

  /**
   * @param page holds the hints marked data-key-of
   * @param answers labels of the workflow's answers
   * @param view whose look is chosen here too
   */
  constructor(
    readonly dialog: HTMLDialogElement,
    private readonly page: HTMLElement,
    private readonly answers: readonly string[],
    private readonly view: { readonly look: Look; setLook(change: Partial<Look>): void },
  ) {
    this.note = dialog.querySelector('[data-part="settings-note"]') as HTMLElement;
    const list = dialog.querySelector('[data-part="keys"]') as HTMLElement;
    list.append(...ACTIONS.filter((action) => !action.startsWith('answer') || Number(action.slice(6)) <= answers.length).map((action) => this.row(action)));
    this.checkbox('[data-keys-on]', (box) => {
      this.on = box.checked;
      keepKeysOn(this.on);
      this.show();
    });
    this.checkbox('[data-inverted]', (box) => view.setLook({ inverted: box.checked }));
    this.select('[data-stretch]', (value) => view.setLook({ stretch: STRETCHES.find((one) => one === value) ?? 'asinh' }));
    this.select('[data-map]', (value) => view.setLook({ map: MAPS.find((one) => one === value) ?? 'grey' }));
    dialog.querySelector('[data-reset]')?.addEventListener('click', () => {
      this.change({ ...DEFAULT_KEYS });
      this.say(text('keysReset'));
    });
    dialog.querySelector('[data-close]')?.addEventListener('click', () => dialog.close());
    dialog.addEventListener('keydown', (event) => this.key(event));
    dialog.addEventListener('close', () => this.await(null));
    this.show();
  }

  /** The bindings that hold; none while single keys are off. */
  get keys(): Bindings | null {
    return this.on ? this.bindings : null;
  }

  open(): void {
    this.say('');
    this.show();
    this.dialog.showModal();
  }

  private row(action: Action): HTMLElement {
    const row = document.createElement('div');
    const words = document.createElement('span');
    words.textContent = wordsFor(action, this.answers);
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset['bind'] = action;
    button.className = 'bind';
    button.addEventListener('click', () => this.await(this.awaited === action ? null : action));
    this.buttons.set(action, button);
    row.append(words, button);
    return row;
  }

  private await(action: Action | null): void {
    this.awaited = action;
    this.show();
    if (action) this.say(text('pressNewKey', { action: wordsFor(action, this.answers) }));
  }

  private key(event: KeyboardEvent): void {
    const action = this.awaited;
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = keyOf(event);
    if (key === '') {
      if (event.key === 'Shift') return;
      // Escape ends the waiting, not the dialog.
      if (event.key === 'Escape') event.preventDefault();
      this.await(null);
      this.say(text('nothingChanged'));
      return;
    }
    event.preventDefault();
    const { keys, displaced } = bind(this.bindings, action, key);
    this.awaited = null;
    this.change(keys);
    const moved = displaced ? [action, displaced] : [action];
    this.say(moved.map((one) => text('keyIsNow', { action: wordsFor(one, this.answers), key: cap(keys[one]) })).join(' '));
  }

  private change(keys: Bindings): void {
    this.bindings = keys;
    keepKeys(keys);
    this.show();
  }

  private show(): void {
    this.buttons.forEach((button, action) => {
      const key = this.bindings[action];
      button.textContent = this.awaited === action ? text('pressAKey') : cap(key);
      button.setAttribute('aria-label', text('keyOf', { action: wordsFor(action, this.answers), key: cap(key) }));
      button.dataset['awaited'] = String(this.awaited === action);
    });
    this.page.querySelectorAll<HTMLElement>('[data-key-of]').forEach((hint) => {
      const key = this.bindings[hint.dataset['keyOf'] as Action];
      hint.textContent = cap(key);
      hint.hidden = !this.on || key === '';
    });
    const answers = [...this.page.querySelectorAll<HTMLElement>('[data-answer]')];
    [...this.page.querySelectorAll<HTMLElement>('[data-tool]'), ...answers].forEach((button) => {
      const action = (button.dataset['tool'] ?? `answer${answers.indexOf(button) + 1}`) as Action;
      const key = action in this.bindings && this.on ? this.bindings[action] : '';
      if (key) button.setAttribute('aria-keyshortcuts', key);
      else button.removeAttribute('aria-keyshortcuts');
      const words = button.dataset['words'];
      if (words) button.title = key ? text('keyHint', { action: words, key: cap(key) }) : words;
    });
    const { look } = this.view;
    (this.dialog.querySelector('[data-keys-on]') as HTMLInputElement).checked = this.on;
    (this.dialog.querySelector('[data-inverted]') as HTMLInputElement).checked = look.inverted;
    (this.dialog.querySelector('[data-stretch]') as HTMLSelectElement).value = look.stretch;
    (this.dialog.querySelector('[data-map]') as HTMLSelectElement).value = look.map;
  }

  private checkbox(selector: string, changed: (box: HTMLInputElement) => void): void {
    const box = this.dialog.querySelector(selector) as HTMLInputElement;
    box.addEventListener('change', () => changed(box));
  }

  private select(selector: string, changed: (value: string) => void): void {
    const field = this.dialog.querySelector(selector) as HTMLSelectElement;
    field.addEventListener('change', () => changed(field.value));
  }

  private say(words: string): void {
    this.note.textContent = words;
  }
}
