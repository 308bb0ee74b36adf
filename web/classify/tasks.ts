import { text } from './texts';
import type { Mark, Viewer } from './viewer';

/** Something that is asked after an answer, as docs/api.md has it; what is empty is left out. */
export interface Task {
  readonly key: string;
  readonly kind: 'choice' | 'multiple' | 'points' | 'boxes' | 'slider' | 'tags';
  readonly question: string;
  readonly help?: string;
  readonly after?: readonly string[];
  readonly options?: readonly { readonly key: string; readonly label: string; readonly help?: string }[];
  readonly most: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit?: string;
}

export interface Definition {
  readonly answers: readonly { readonly key: string; readonly label: string }[];
  readonly tasks: readonly Task[];
  /** Texts of tasks that nobody has translated, with the language that they are in. */
  readonly foreign?: { readonly lang: string; readonly dir: string; readonly texts: readonly string[] };
}

export type Values = Record<string, unknown>;

/**
 * What is asked after an answer, in the place of the answers: native controls, so that Tab, the arrows, the space bar and
 * Enter do what they do everywhere. All of it may be left out.
 */
export class Tasks {
  private readonly form = document.createElement('form');
  private done: ((values: Values) => void) | null = null;

  /** @param place where the form is shown, instead of {@code question} */
  constructor(
    place: HTMLElement,
    private readonly question: HTMLElement,
    private readonly definition: Definition,
    private readonly viewer: Viewer,
  ) {
    this.form.className = 'tasks';
    this.form.dataset['testid'] = 'tasks';
    this.form.hidden = true;
    this.form.noValidate = true;
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.close(this.values());
    });
    this.form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close({});
    });
    place.prepend(this.form);
  }

  get open(): boolean {
    return !this.form.hidden;
  }

  follow(answer: string): boolean {
    return this.after(answer).length > 0;
  }

  /** @param done hears what was said, nothing where it was left out */
  ask(answer: string, label: string, done: (values: Values) => void): void {
    this.done = done;
    const title = document.createElement('p');
    title.className = 'eyebrow';
    title.textContent = text('tasksAfter', { answer: label });
    const actions = document.createElement('p');
    actions.className = 'actions';
    const submit = button(text('tasksDone'), 'button primary');
    submit.type = 'submit';
    submit.dataset['testid'] = 'tasks-done';
    const leave = button(text('tasksLeave'), 'button');
    leave.dataset['testid'] = 'tasks-leave';
    leave.addEventListener('click', () => this.close({}));
    actions.append(submit, leave);
    this.form.replaceChildren(title, ...this.after(answer).map((task) => this.field(task)), actions);
    this.form.hidden = false;
    this.question.hidden = true;
    this.form.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true });
    const [marking] = this.markFields();
    if (marking) marking.begin();
  }

  private close(values: Values): void {
    const { done } = this;
    if (!done) return;
    this.done = null;
    this.viewer.mark(null, []);
    this.form.hidden = true;
    this.question.hidden = false;
    this.form.replaceChildren();
    this.marks.clear();
    done(values);
  }

  private after(answer: string): readonly Task[] {
    return this.definition.tasks.filter((task) => !task.after || task.after.length === 0 || task.after.includes(answer));
  }

  private readonly marks = new Map<string, MarkField>();

  private markFields(): MarkField[] {
    return [...this.marks.values()];
  }

  private field(task: Task): HTMLElement {
    const field = document.createElement('fieldset');
    field.dataset['task'] = task.key;
    const legend = document.createElement('legend');
    this.say(legend, task.question);
    field.append(legend);
    if (task.help) field.append(this.say(hint(''), task.help));
    switch (task.kind) {
      case 'choice':
      case 'multiple':
        for (const option of task.options ?? []) {
          const label = document.createElement('label');
          label.className = 'check';
          const input = document.createElement('input');
          input.type = task.kind === 'choice' ? 'radio' : 'checkbox';
          input.name = task.key;
          input.value = option.key;
          if (task.kind === 'multiple') input.addEventListener('change', () => this.limit(field, task.most));
          label.append(input, this.say(document.createElement('span'), option.label));
          if (option.help) label.title = option.help;
          field.append(label);
        }
        break;
      case 'slider': {
        const input = document.createElement('input');
        input.type = 'range';
        input.name = task.key;
        input.min = String(task.min);
        input.max = String(task.max);
        input.step = String(task.step);
        input.value = String((task.min + task.max) / 2);
        input.setAttribute('aria-label', task.question);
        const shown = document.createElement('output');
        // Untouched says nothing: a middle that nobody chose is no answer.
        shown.textContent = '–';
        const unit = task.unit ? ` ${task.unit}` : '';
        input.addEventListener('input', () => {
          input.dataset['touched'] = 'true';
          shown.textContent = `${input.value}${unit}`;
          input.setAttribute('aria-valuetext', shown.textContent);
        });
        const row = document.createElement('div');
        row.className = 'slider';
        row.dir = 'ltr';
        row.append(input, shown);
        field.append(row);
        break;
      }
      case 'tags': {
        const input = document.createElement('input');
        input.type = 'text';
        input.name = task.key;
        input.maxLength = 31 * task.most;
        input.setAttribute('aria-label', task.question);
        input.autocomplete = 'off';
        field.classList.add('field');
        field.append(input, hint(text('tagsHow', { most: String(task.most) })));
        break;
      }
      case 'points':
      case 'boxes': {
        const marks = new MarkField(field, task, this.viewer, () => this.markFields());
        this.marks.set(task.key, marks);
        break;
      }
    }
    return field;
  }

  /** A text of the project, in the language that it is in. */
  private say(element: HTMLElement, words: string): HTMLElement {
    element.textContent = words;
    const { foreign } = this.definition;
    if (foreign?.texts.includes(words)) {
      element.lang = foreign.lang;
      element.dir = foreign.dir;
    }
    return element;
  }

  private limit(field: HTMLElement, most: number): void {
    const boxes = [...field.querySelectorAll<HTMLInputElement>('input')];
    const full = boxes.filter((box) => box.checked).length >= most;
    boxes.forEach((box) => (box.disabled = full && !box.checked));
  }

  private values(): Values {
    const values: Values = {};
    for (const task of this.definition.tasks) {
      const inputs = [...this.form.querySelectorAll<HTMLInputElement>(`[name="${task.key}"]`)];
      const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
      const [first] = inputs;
      const marks = this.marks.get(task.key)?.marks ?? [];
      if (task.kind === 'choice' && chosen[0] !== undefined) values[task.key] = chosen[0];
      if (task.kind === 'multiple' && chosen.length > 0) values[task.key] = chosen;
      if (task.kind === 'slider' && first?.dataset['touched']) values[task.key] = Number(first.value);
      if (task.kind === 'tags' && first?.value.trim()) values[task.key] = tags(first.value, task.most);
      if (marks.length > 0) values[task.key] = marks;
    }
    return values;
  }
}

/** Places that are marked on the images: by a click or a tap, or by the cursor that Shift and the arrows move. */
class MarkField {
  marks: Mark[] = [];
  private corner: Mark | null = null;
  private readonly list = document.createElement('ul');
  private readonly start: HTMLButtonElement;

  constructor(
    field: HTMLElement,
    private readonly task: Task,
    private readonly viewer: Viewer,
    private readonly all: () => MarkField[],
  ) {
    const box = task.kind === 'boxes';
    field.append(hint(text(box ? 'boxesHow' : 'pointsHow', { most: String(task.most) })));
    this.start = button(text('marksAdd'), 'tool');
    this.start.dataset['testid'] = `mark-${task.key}`;
    this.start.addEventListener('click', () => {
      this.begin();
      const at = this.viewer.pointed;
      if (at) this.add(at);
    });
    this.list.className = 'marks';
    const row = document.createElement('div');
    row.className = 'mark-row';
    row.append(this.start, this.list);
    field.append(row);
  }

  /** From now on what is pointed at is marked for this task. */
  begin(): void {
    for (const other of this.all()) other.start.setAttribute('aria-pressed', String(other === this));
    this.viewer.mark((at) => this.add(at), this.shown());
  }

  private add(at: { readonly x: number; readonly y: number }): void {
    if (this.marks.length >= this.task.most) return;
    if (this.task.kind === 'points') this.marks.push({ x: at.x, y: at.y });
    else if (!this.corner) this.corner = { x: at.x, y: at.y };
    else {
      const { corner } = this;
      this.corner = null;
      // Whole pixels, both corners within.
      const x = Math.min(corner.x, at.x);
      const y = Math.min(corner.y, at.y);
      this.marks.push({ x, y, width: Math.abs(at.x - corner.x) + 1, height: Math.abs(at.y - corner.y) + 1 });
    }
    this.show();
  }

  private shown(): Mark[] {
    return this.corner ? [...this.marks, this.corner] : this.marks;
  }

  private show(): void {
    this.viewer.mark((at) => this.add(at), this.shown());
    this.list.replaceChildren(
      ...this.marks.map((mark, index) => {
        const item = document.createElement('li');
        const remove = button(`${Math.round(mark.x)}, ${Math.round(mark.y)} ×`, 'tool');
        remove.dir = 'ltr';
        remove.setAttribute('aria-label', text('marksRemove', { number: String(index + 1) }));
        remove.addEventListener('click', () => {
          this.marks = this.marks.filter((other) => other !== mark);
          this.show();
          this.start.focus({ preventScroll: true });
        });
        item.append(remove);
        return item;
      }),
    );
  }
}

/** Words apart by spaces or commas, in the form that the server keeps. */
export function tags(typed: string, most: number): string[] {
  const words = typed
    .toLowerCase()
    .split(/[\s,;#]+/)
    .map((word) => word.replace(/[^\p{L}\p{N}\p{M}-]/gu, '').replace(/^[^\p{L}\p{N}]+/u, '').slice(0, 30))
    .filter((word) => word !== '');
  return [...new Set(words)].slice(0, most);
}

function button(words: string, className: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.textContent = words;
  return made;
}

function hint(words: string): HTMLElement {
  const made = document.createElement('p');
  made.className = 'hint';
  made.textContent = words;
  return made;
}
