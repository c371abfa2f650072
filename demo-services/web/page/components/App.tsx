import { session } from '../net/session.js';
import { Chat } from './Chat.js';
import { Notices } from './Notices.js';
import { SignIn } from './SignIn.js';

export function App() {
  const known = session.value;
  return (
    <>
      {known === undefined && (
        <main class="door">
          <p class="muted" role="status">
            One moment…
          </p>
        </main>
      )}
      {known === null && <SignIn />}
      {known && <Chat />}
      <Notices />
    </>
  );
}
