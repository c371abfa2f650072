import { session } from '../net/session.js';
import { Chat } from './Chat.js';
import { Notices } from './Notices.js';
import { SignIn } from './SignIn.js';
import { Waiting } from './Waiting.js';

export function App() {
  const known = session.value;
  return (
    <>
      {known === undefined && <Waiting />}
      {known === null && <SignIn />}
      {known && <Chat />}
      <Notices />
    </>
  );
}
