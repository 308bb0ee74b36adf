import { MAPS } from '../shared/colours';
import { type Look, PLAIN, STRETCHES } from '../shared/stretch';
import { DEFAULT_KEYS, type Bindings } from './keys';

/** What this browser remembers of how somebody likes to work. Without a store, or with a broken one, the defaults. */
const LOOK = 'skysieve.look';
const KEYS = 'skysieve.keys';
const KEYS_ON = 'skysieve.keys-on';

export function readLook(): Look {
  const kept = read(LOOK) as Partial<Look>;
  return {
    stretch: STRETCHES.find((one) => one === kept.stretch) ?? PLAIN.stretch,
    map: MAPS.find((one) => one === kept.map) ?? PLAIN.map,
    inverted: kept.inverted === true,
  };
}

export function keepLook(look: Look): void {
  write(LOOK, look);
}

export function readKeys(): Bindings {
  const kept = read(KEYS) as Record<string, unknown>;
  const keys: Bindings = { ...DEFAULT_KEYS };
  for (const action of Object.keys(keys) as (keyof Bindings)[]) {
    const key = kept[action];
    if (typeof key === 'string') keys[action] = key;
  }
  return keys;
}

export function keepKeys(keys: Bindings): void {
  write(KEYS, keys);
}

export function keysOn(): boolean {
  return (read(KEYS_ON) as { off?: boolean }).off !== true;
}

export function keepKeysOn(on: boolean): void {
  write(KEYS_ON, { off: !on });
}

function read(key: string): object {
  try {
    const value = JSON.parse(localStorage.getItem(key) ?? '{}') as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function write(key: string, value: object): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // It holds for this page, then.
  }
}
