/** The sign-in and sign-up forms: they work by JSON or form post, and say in words what went wrong. */
export function accountForms(): void {
  const signUp = document.querySelector<HTMLFormElement>('[data-form="sign-up"]');
  signUp?.addEventListener('submit', (event) => {
    event.preventDefault();
    void submitSignUp(signUp);
  });
}

interface ProblemBody {
  title?: string;
  detail?: string;
  errors?: { field: string; message: string }[];
}

async function submitSignUp(form: HTMLFormElement): Promise<void> {
  const values = new FormData(form);
  const text = (name: string): string => String(values.get(name) ?? '').trim();
  const error = form.querySelector<HTMLElement>('.form-error') as HTMLElement;
  const button = form.querySelector('button') as HTMLButtonElement;
  error.textContent = '';
  button.disabled = true;
  try {
    const username = text('username');
    const password = String(values.get('password') ?? '');
    const response = await fetch('/api/v1/accounts', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password, displayName: text('displayName') || username }),
    });
    if (!response.ok) {
      error.textContent = describe((await response.json().catch(() => ({}))) as ProblemBody);
      error.focus();
      return;
    }
    // Signed up; now sign in with the same words, so that the session cookie is set by the server's own form login.
    await fetch('/j_security_check', {
      method: 'POST',
      body: new URLSearchParams({ j_username: username, j_password: password }),
    });
    location.assign(form.dataset['next'] ?? '/');
  } catch {
    error.textContent = 'The server could not be reached. Nothing was saved; please try again.';
    error.focus();
  } finally {
    button.disabled = false;
  }
}

function describe(problem: ProblemBody): string {
  const fields = (problem.errors ?? []).map((entry) => `${entry.field}: ${entry.message}`).join('. ');
  return fields || problem.detail || problem.title || 'That did not work; please check the form.';
}
