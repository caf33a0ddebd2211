// Keeps a page of the seminar room up to date: the server sends regions by id, and what changed is
// put in their place. Without this script the pages read the same; they only stand still.
"use strict";

{
  const PATIENCE = 5_000; // a short interruption mends itself before anybody need know of it
  const LONGEST = 30_000; // between two attempts to connect
  const QUEUE = 8_000; // between two questions whether a place is free

  const here = document.querySelector("[data-live]");
  const queue = document.querySelector("[data-ask]");
  const part = (id) => document.getElementById(id);

  // One alarm for however many failures; a page of a case says for itself when it is cut off.
  let alarm = 0;
  function lost() {
    alarm ||= setTimeout(() => {
      const place = part("room-lost");
      if (place && !part("lost") && !place.hasChildNodes()) {
        place.append(part("room-lost-words").content.cloneNode(true));
      }
    }, PATIENCE);
  }
  function found() {
    clearTimeout(alarm);
    alarm = 0;
    part("room-lost")?.replaceChildren();
  }

  function parsed(html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    return made.content;
  }

  // Only what differs is put in: a screen reader reads what is new alone, and keeps its place.
  const says = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const holds = (one) => one.children.length && !says(one);

  function merge(old, fresh) {
    if (old.open) fresh.open = true; // what people have opened stays open
    if (old.isEqualNode(fresh)) return old;
    if (old.nodeName !== fresh.nodeName || !holds(old) || !holds(fresh)) return fresh;
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
    mergeChildren(old, fresh);
    return old;
  }

  function mergeChildren(old, fresh) {
    const spare = [...old.children];
    const twin = (one) => {
      const fits = [
        (other) => one.id && other.id === one.id,
        (other) => !one.id && !other.id && other.isEqualNode(one),
        (other) => !one.id && !other.id && other.nodeName === one.nodeName,
      ];
      const at = fits.map((fit) => spare.findIndex(fit)).find((place) => place >= 0);
      return at === undefined ? null : spare.splice(at, 1)[0];
    };
    const made = [...fresh.children].map((one) => {
      const other = twin(one);
      return other ? merge(other, one) : one;
    });
    for (const one of [...old.children]) if (!made.includes(one)) one.remove();
    made.forEach((one, place) => {
      if (old.children[place] !== one) old.insertBefore(one, old.children[place] ?? null);
    });
  }

  // Whoever reads far below the news hears of it: screen readers say the words, and this shows a way up.
  function notice(region) {
    const alert = part("room-alert");
    if (!alert || region.id !== "room-news" || !region.hasChildNodes()) return;
    const seen = new IntersectionObserver(([one]) => {
      alert.hidden = one.isIntersecting;
      if (one.isIntersecting) seen.disconnect();
    });
    seen.observe(region);
  }

  function update(region, html) {
    const before = region.textContent;
    change(region, html);
    if (region.textContent.trim() !== before.trim()) notice(region);
  }

  function change(region, html) {
    const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
    mergeChildren(region, parsed(html));
    if (focused && document.activeElement?.id !== focused) part(focused)?.focus();
  }

  function receive(event) {
    found();
    for (const [id, html] of Object.entries(JSON.parse(event.data))) {
      const region = part(id);
      if (region) update(region, html);
    }
  }

  // Everybody loses a stopped server at once; they do not all come back in the same moment.
  let source;
  let wait = 1_000;
  function listen() {
    source?.close();
    source = new EventSource(here.dataset.live);
    source.onmessage = receive;
    // Whoever is in the room no longer, or has another password now, sees where they are.
    source.addEventListener("gone", () => location.replace(location.pathname + location.search));
    source.onopen = () => {
      wait = 1_000;
      found();
    };
    source.onerror = () => {
      lost();
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      setTimeout(listen, wait * (0.5 + Math.random()));
      wait = Math.min(2 * wait, LONGEST);
    };
  }

  // In the queue: ask how far it is, and go in when there is a place. Asking takes no place.
  async function ask() {
    try {
      const reply = await fetch(queue.dataset.ask, { cache: "no-store" });
      if (reply.ok) return location.replace(queue.dataset.again);
      const words = reply.status === 503 ? await reply.text() : "";
      const place = part("room-place");
      if (words && words !== place.textContent) place.textContent = words;
    } catch {
      // The server is away for a moment: the question is asked again.
    }
    setTimeout(ask, QUEUE * (0.75 + Math.random() / 2));
  }

  if (here) {
    listen();
    // A phone that slept has lost the line without noticing.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && source.readyState === EventSource.CLOSED) listen();
    });
    window.addEventListener("pagehide", () => source.close());
    window.addEventListener("pageshow", (event) => event.persisted && listen());
  }
  if (queue) setTimeout(ask, QUEUE);
}
