import { open } from '../model/dialogs.js';
import { complain } from '../model/notices.js';
import { results } from '../model/search.js';
import { me, signOut } from '../net/session.js';
import { Avatar } from './Avatar.js';
import { IconButton } from './IconButton.js';
import { SearchField } from './SearchField.js';
import { SearchResults } from './SearchResults.js';
import { ThemeSwitch } from './ThemeSwitch.js';
import { ThreadList } from './ThreadList.js';

export function Sidebar() {
  return (
    <section class="sidebar" aria-label="Threads and search">
      <header>
        <h1>Voice chat</h1>
        <IconButton
          icon="plus"
          label="New thread"
          onClick={() => {
            open.value = 'new-thread';
          }}
        />
      </header>
      <SearchField />
      {results.value ? <SearchResults /> : <ThreadList />}
      <footer>
        <Avatar name={me.value ?? ''} online />
        <span class="name">
          <span class="only-read">Signed in as </span>
          {me.value}
        </span>
        <IconButton
          icon="keys"
          class="keys"
          label="Keyboard shortcuts"
          onClick={() => {
            open.value = 'shortcuts';
          }}
        />
        <ThemeSwitch />
        <IconButton icon="out" label="Sign out" onClick={() => signOut().catch(complain)} />
      </footer>
    </section>
  );
}
