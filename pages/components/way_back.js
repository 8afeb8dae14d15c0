// The browser's way back leads to the address that was left. On the way from one page to another Streamlit 1.67 first
// pushes the new page's query onto the old page's path, and the way back would end there; so that step is taken over.
const MOST_MS = 10_000;

export default function () {
  if (window.jorgeWayBack) return;
  window.jorgeWayBack = true;
  const push = history.pushState.bind(history);
  let half = null; // the query that the same path was just given
  history.pushState = (state, unused, url) => {
    const to = new URL(url ?? location.href, location.href);
    if (to.pathname === location.pathname) {
      push(state, unused, url);
      half = { search: to.search, at: performance.now(), entries: history.length };
      return;
    }
    const taken = half !== null && half.search === to.search && location.search === to.search;
    const fresh = taken && performance.now() - half.at < MOST_MS && history.length === half.entries;
    half = null;
    if (fresh) history.replaceState(state, unused, url);
    else push(state, unused, url);
  };
}
