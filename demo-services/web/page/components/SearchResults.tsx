import { lookFurther, query, results } from '../model/search.js';
import { matches } from '../state/matches.js';
import { hashOf } from '../state/route.js';
import { when } from '../state/wording.js';
import { Avatar } from './Avatar.js';

/** What was found, newest first; each leads to where it was said. */
export function SearchResults() {
  const { entries, hasBefore, titles } = results.value ?? { entries: [], hasBefore: false, titles: {} };
  return (
    <nav class="rows" aria-label="Found">
      <p class="count muted" role="status">
        {entries.length === 0 ? 'Nobody said that.' : `${entries.length}${hasBefore ? ' or more' : ''} found`}
      </p>
      <ul>
        {entries.map(({ id, thread, author, createdAt, transcript }) => (
          <li key={id}>
            <a class="row" href={hashOf({ thread, message: id })}>
              <Avatar name={author} />
              <span class="text">
                <span class="title">
                  {author} <span class="muted">in {titles[thread] ?? thread}</span>
                </span>
                <span class="gist found">
                  {matches(transcript?.text ?? '', query.value).map(({ text, marked }) =>
                    marked ? <mark>{text}</mark> : text,
                  )}
                </span>
              </span>
              <time dateTime={createdAt}>{when(createdAt, new Date())}</time>
            </a>
          </li>
        ))}
      </ul>
      {hasBefore && (
        <button type="button" class="link" onClick={() => void lookFurther()}>
          Show more
        </button>
      )}
    </nav>
  );
}
