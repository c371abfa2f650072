import { useRef } from 'preact/hooks';
import { lookFor, query } from '../model/search.js';
import { Icon } from './Icon.js';
import { IconButton } from './IconButton.js';

export function SearchField() {
  const field = useRef<HTMLInputElement>(null);
  const clear = () => {
    lookFor('');
    field.current?.focus();
  };
  return (
    <search class="search">
      <Icon name="search" size={18} />
      <input
        ref={field}
        id="search"
        type="text"
        inputMode="search"
        enterkeyhint="search"
        autocomplete="off"
        placeholder="Search what was said"
        aria-label="Search what was said"
        maxLength={200}
        value={query.value}
        onInput={event => lookFor(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key !== 'Escape') return;
          if (query.value) clear();
          else event.currentTarget.blur();
        }}
      />
      {query.value && <IconButton icon="close" size={16} label="Clear the search" onClick={clear} />}
    </search>
  );
}
