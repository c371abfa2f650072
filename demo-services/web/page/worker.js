// Opens the page where there is no network: for what is kept here, and to say so. Its files are of one build, and of the
// API nothing passes through.

/** Both are written here by the build. */
const BUILD = '__BUILD__';
const FILES = ['__FILES__'];
/** A front door that does not answer is none, ms. */
const PATIENCE_MS = 5_000;

self.addEventListener('install', event => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

/** While a new build is rolled out the page may come from the old one: then this one waits for the next visit. */
async function fill() {
  const cache = await caches.open(BUILD);
  await cache.addAll(FILES);
  const page = await (await cache.match('/')).text();
  if ([...page.matchAll(/\/assets\/[\w.-]+/g)].every(([file]) => FILES.includes(file))) return;
  await caches.delete(BUILD);
  throw new Error('the page is of another build');
}

self.addEventListener('activate', event => {
  const emptied = caches
    .keys()
    .then(builds => Promise.all(builds.filter(build => build !== BUILD).map(build => caches.delete(build))));
  event.waitUntil(emptied);
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (pathname === '/' && request.mode === 'navigate') event.respondWith(newestPage(request));
  // Named by their contents, they are the same wherever they come from.
  else if (FILES.includes(pathname)) event.respondWith(kept(pathname).then(file => file ?? fetch(request)));
});

async function newestPage(request) {
  try {
    const page = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    // A proxy answers for a front door that is not there.
    return page.status >= 500 ? ((await kept('/')) ?? page) : page;
  } catch (error) {
    const page = await kept('/');
    if (page === undefined) throw error;
    return page;
  }
}

async function kept(pathname) {
  const cache = await caches.open(BUILD);
  return cache.match(pathname, { ignoreVary: true });
}
