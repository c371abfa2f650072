import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { MIN_PASSWORD } from '../../api/limits.js';
import { routes } from '../../api/routes.js';
import type { WaysIn } from '../../api/session.js';
import { refusal } from '../model/place.js';
import { register, signIn, waysIn } from '../net/session.js';
import { refusalOf } from '../state/wording.js';
import { Icon } from './Icon.js';
import { ThemeSwitch } from './ThemeSwitch.js';

/** The door. */
export function SignIn() {
  const ways = useSignal<WaysIn | undefined>(undefined);
  const isNew = useSignal(false);
  const busy = useSignal(false);
  const problem = useSignal('');
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => {
    name.current?.focus();
    if (refusal.value) problem.value = refusalOf(refusal.value);
    waysIn().then(
      known => {
        ways.value = known;
      },
      () => undefined,
    );
  }, []);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = { name: String(form.get('name')).trim(), password: String(form.get('password')) };
    busy.value = true;
    problem.value = '';
    try {
      await (isNew.value ? register(typed) : signIn(typed));
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
      name.current?.focus();
    } finally {
      busy.value = false;
    }
  };

  return (
    <main class="door">
      <ThemeSwitch />
      <form class="card" onSubmit={submit}>
        <span class="mark" aria-hidden="true">
          <Icon name="mic" size={28} />
        </span>
        <h1>{isNew.value ? 'Make a name for yourself' : 'Voice chat'}</h1>
        <p class="muted">Say it. Your friends listen or read it, when they are ready.</p>
        <p class="problem" role="alert">
          {problem.value && (
            <>
              <Icon name="warning" size={18} /> {problem.value}
            </>
          )}
        </p>
        {ways.value?.password !== false && (
          <>
            <label>
              Name
              <input
                ref={name}
                name="name"
                autocomplete="username"
                autocapitalize="none"
                spellcheck={false}
                required
                maxLength={64}
                pattern="[A-Za-z0-9][A-Za-z0-9._:\-]*"
                title="letters, digits and . _ : -"
              />
            </label>
            <label>
              Password
              <input
                name="password"
                type="password"
                autocomplete={isNew.value ? 'new-password' : 'current-password'}
                required
                minLength={isNew.value ? MIN_PASSWORD : 1}
                maxLength={256}
              />
            </label>
            {isNew.value && <p class="hint">{MIN_PASSWORD} characters or more.</p>}
            <button type="submit" class="primary" disabled={busy.value}>
              {busy.value ? 'One moment…' : isNew.value ? 'Register' : 'Sign in'}
            </button>
          </>
        )}
        {ways.value?.oidc && (
          <a class="button" href={routes.oidc}>
            Sign in with {ways.value.oidc.label}
          </a>
        )}
        {ways.value?.register && (
          <button
            type="button"
            class="link"
            onClick={() => {
              isNew.value = !isNew.value;
              problem.value = '';
            }}
          >
            {isNew.value ? 'I have a name already' : 'I am new here'}
          </button>
        )}
      </form>
    </main>
  );
}
