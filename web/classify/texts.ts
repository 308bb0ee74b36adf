/** The page's texts in the reader's language, handed over by the server from messages/script*.properties. */
const TEXTS = JSON.parse(document.querySelector('[data-texts]')?.textContent ?? '{}') as Record<string, string>;

const LANGUAGE = document.documentElement.lang || 'en';
// Western digits in every language, as the server writes them: a page that shows magnitudes has one kind of digits.
const LOCALE = `${LANGUAGE}-u-nu-latn`;
const CATEGORIES: readonly Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other'];
const plurals = new Intl.PluralRules(LANGUAGE);
const forms = CATEGORIES.filter((one) => plurals.resolvedOptions().pluralCategories.includes(one));

/** A text with its {placeholders} filled; the key itself where there is no such text, so that it is seen. */
export function text(key: string, values: Record<string, string> = {}): string {
  return (TEXTS[key] ?? key).replace(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole);
}

/** A text whose key ends in the name of something: ('key', 'zoomIn') is keyZoomIn. */
export function named(prefix: string, name: string, values: Record<string, string> = {}): string {
  return text(`${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`, values);
}

/** The form of a text that goes with a count; its forms stand in the order of the categories, with | between. */
export function counted(key: string, count: number): string {
  const all = (TEXTS[key] ?? key).split('|');
  const form = all[forms.indexOf(plurals.select(count))] ?? (all[all.length - 1] as string);
  return form.trim().replace('{n}', count.toLocaleString(LOCALE));
}

/** A text whose placeholders may be elements too, as what is to be appended. */
export function pieces(key: string, values: Record<string, string | Node>): (string | Node)[] {
  return (TEXTS[key] ?? key).split(/\{(\w+)\}/).map((piece, index) => (index % 2 === 0 ? piece : (values[piece] ?? piece)));
}

/** A probability in percent; near certainty with a decimal. */
export function percent(probability: number | undefined): string {
  const value = 100 * (probability ?? 0);
  const digits = value > 99 && value < 100 ? 1 : 0;
  return text('percent', { number: value.toLocaleString(LOCALE, { minimumFractionDigits: digits, maximumFractionDigits: digits }) });
}
