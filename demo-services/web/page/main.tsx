import { render } from 'preact';
import { App } from './components/App.js';
import { run } from './model/chat.js';
import { applyTheme } from './model/settings.js';
import { isAway, recall, session } from './net/session.js';
import './styles/index.css';

const AGAIN_MS = 3_000;

applyTheme();
run();
const root = document.getElementById('page');
if (root) render(<App />, root);
recallPatiently();
navigator.serviceWorker?.register('/worker.js').catch(() => undefined);
// Back from the provider's farewell a browser would show the page as it was left.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());

/** While the front door does not answer nobody is signed out. */
function recallPatiently(): void {
  recall().catch(() => {
    isAway.value = true;
    setTimeout(() => session.value === undefined && recallPatiently(), AGAIN_MS);
  });
}
