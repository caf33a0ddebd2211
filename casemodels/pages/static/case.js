// Watches over a running case: says when it is ready, when it is stuck, when the connection is lost.
// The page comes in parts; this script is loaded with the first part and sees the others arrive.
"use strict";

const PATIENCE = 40_000; // until a case that does not come alive offers a way out
const HEARTBEAT = 15_000; // between two questions whether the case is still there
const SECOND_LOOK = 4_000; // a short interruption mends itself: ask twice before saying anything

const part = (id) => document.getElementById(id);

function show(place, words) {
  if (!part(place).hasChildNodes()) part(place).append(part(words).content.cloneNode(true));
}

function alive() {
  const walk = part("walk");
  if (!walk || document.readyState === "loading") return false;
  if (walk.querySelector('script[type="application/vnd.voila.cell-output+json"]')) return false;
  const shown = walk.querySelectorAll(".jp-OutputArea-output");
  return [...shown].every((one) => one.querySelector("*") || one.textContent.trim());
}

// The first sign of life ends the waiting text; a failure ends it too, with its own words.
function settle(watch, alarm) {
  const failed = document.querySelector("[data-failed]");
  if (!failed && !alive()) return;
  watch.disconnect();
  clearTimeout(alarm);
  part("starting")?.remove();
  part("stuck")?.replaceChildren();
  if (!failed) keepAsking();
}

function kernel() {
  const config = part("jupyter-config-data");
  return config ? JSON.parse(config.textContent).kernelId : null;
}

// One kernel belongs to one page: without a connection to it, this page is cut off.
async function connected() {
  try {
    const reply = await fetch(`/api/kernels/${kernel()}`, { cache: "no-store" });
    return reply.ok && (await reply.json()).connections > 0;
  } catch {
    return false;
  }
}

async function look() {
  if (await connected()) return part("lost").replaceChildren();
  await new Promise((done) => setTimeout(done, SECOND_LOOK));
  if (!(await connected())) show("lost", "lost-words");
}

function keepAsking() {
  setInterval(look, HEARTBEAT);
  window.addEventListener("offline", look);
  window.addEventListener("online", look);
  // A phone that slept asks at once, before somebody types into a dead page.
  document.addEventListener("visibilitychange", () => document.hidden || look());
}

// A page brought back by the Back button has lost its kernel: start afresh.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

const alarm = setTimeout(() => show("stuck", "stuck-words"), PATIENCE);
const watch = new MutationObserver(() => settle(watch, alarm));
watch.observe(document.documentElement, { childList: true, subtree: true });
document.addEventListener("readystatechange", () => settle(watch, alarm));
