// @ts-check
// What moves in a page: the player of a replay, the filter of a list without a server, the news of a run under way, and
// the keys. Everything it shows is in the page already, escaped by the program; it makes no HTML of its own.

import { matches, parseFilter } from './filter.js';

const playerElement = document.querySelector('.player');
if (playerElement instanceof HTMLElement) startPlayer(playerElement);
const filterForm = document.querySelector('form.filter');
if (filterForm instanceof HTMLFormElement && filterForm.dataset['fields'])
  startFilter(filterForm, JSON.parse(filterForm.dataset['fields']));
const liveSection = document.querySelector('#live');
if (liveSection instanceof HTMLElement && liveSection.dataset['live']) listen(liveSection.dataset['live']);

document.addEventListener('keydown', (event) => {
  const field = document.querySelector('#filter');
  if (event.key === '/' && field instanceof HTMLInputElement && !isTyping(event.target)) {
    event.preventDefault();
    field.focus();
  }
});

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && target.matches('input, select, textarea');
}

/**
 * Shows one step at a time in every track; the step stands in the address.
 * @param {HTMLElement} player
 */
function startPlayer(player) {
  const steps = Number(player.dataset['steps']);
  const stop = Number(player.dataset['stop']) || null;
  const output = /** @type {HTMLElement} */ (player.querySelector('output'));
  const playButton = /** @type {HTMLButtonElement} */ (player.querySelector('[data-do=play]'));
  const speed = /** @type {HTMLSelectElement} */ (player.querySelector('[data-do=speed]'));
  const jump = /** @type {HTMLSelectElement | null} */ (player.querySelector('[data-do=jump]'));
  /** @type {HTMLElement[]} */
  const tracks = [...document.querySelectorAll('.track')].filter((each) => each instanceof HTMLElement);
  const frames = tracks.map(
    (track) =>
      new Map(
        /** @type {HTMLElement[]} */ ([...track.querySelectorAll('.frame')]).map((frame) => [
          Number(frame.dataset['step']),
          frame,
        ]),
      ),
  );
  const thumbs = new Map(
    /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.strip a')]).map((thumb) => [
      Number(thumb.dataset['step']),
      thumb,
    ]),
  );
  let now = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {number} step */
  const show = (step) => {
    const wanted = Math.min(steps, Math.max(1, step));
    tracks.forEach((track, place) => {
      const own = frames[place];
      own?.get(now)?.setAttribute('hidden', '');
      own?.get(wanted)?.removeAttribute('hidden');
      track.querySelector('.over')?.toggleAttribute('hidden', own?.has(wanted) === true);
      own
        ?.get(wanted + 1)
        ?.querySelector('img')
        ?.setAttribute('loading', 'eager');
    });
    thumbs.get(now)?.removeAttribute('aria-current');
    const thumb = thumbs.get(wanted);
    thumb?.setAttribute('aria-current', 'step');
    if (thumb?.parentElement)
      thumb.parentElement.scrollLeft = thumb.offsetLeft - thumb.parentElement.clientWidth / 2;
    now = wanted;
    output.textContent = `${now} of ${steps}${now === stop ? ', here they part' : ''}`;
    player.dataset['now'] = String(now);
    history.replaceState(null, '', `#step-${now}`);
  };
  const pause = () => {
    clearTimeout(timer);
    timer = undefined;
    playButton.textContent = 'Play';
  };
  const tick = () => {
    show(now + 1);
    if (now === steps || now === stop) pause();
    else timer = setTimeout(tick, 1000 / Number(speed.value));
  };
  const play = () => {
    if (timer !== undefined) return pause();
    if (now === steps) show(1);
    playButton.textContent = 'Pause';
    timer = setTimeout(tick, 1000 / Number(speed.value));
  };
  /** @type {Record<string, () => void>} */
  const actions = {
    first: () => show(1),
    back: () => show(now - 1),
    play,
    on: () => show(now + 1),
    last: () => show(steps),
    stop: () => show(stop ?? now),
  };
  /** @param {string} name */
  const act = (name) => {
    if (name !== 'play') pause();
    actions[name]?.();
  };

  player.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button?.dataset['do']) act(button.dataset['do']);
  });
  jump?.addEventListener('change', () => {
    pause();
    if (jump.value !== '') show(Number(jump.value));
    jump.value = '';
  });
  for (const [step, thumb] of thumbs) {
    thumb.addEventListener('click', (event) => {
      event.preventDefault();
      pause();
      show(step);
    });
  }
  /** @type {Record<string, string>} */
  const keys = { ArrowLeft: 'back', ArrowRight: 'on', ' ': 'play', Home: 'first', End: 'last', d: 'stop' };
  document.addEventListener('keydown', (event) => {
    const name = keys[event.key];
    if (name === undefined || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey)
      return;
    if (
      event.key === ' ' &&
      event.target instanceof HTMLElement &&
      event.target.matches('button, summary, a')
    )
      return;
    event.preventDefault();
    act(name);
  });
  addEventListener('hashchange', () => {
    pause();
    show(stepInAddress());
    scrollTo(0, 0);
  });

  for (const own of frames) for (const frame of own.values()) frame.hidden = true;
  document.body.classList.add('playing');
  player.hidden = false;
  show(stepInAddress());
  scrollTo(0, 0);
}

function stepInAddress() {
  return Number(/^#(?:[ab]-)?step-(\d+)$/.exec(location.hash)?.[1] ?? 1);
}

/**
 * Filters the rows of a list that has no server, with the same words.
 * @param {HTMLFormElement} form
 * @param {import('./filter.js').Fields} fields
 */
function startFilter(form, fields) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector('input[type=search]'));
  const count = /** @type {HTMLElement} */ (document.querySelector('.count'));
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('tr[data-row]')]).map(
    (element) => ({
      element,
      data: /** @type {import('./filter.js').Row} */ (JSON.parse(element.dataset['row'] ?? '{}')),
    }),
  );
  const apply = () => {
    const filter = parseFilter(input.value, fields);
    if ('problem' in filter) {
      count.textContent = filter.problem;
      return;
    }
    let found = 0;
    for (const { element, data } of rows) {
      const fits = matches(filter.terms, data);
      element.hidden = !fits;
      found += fits ? 1 : 0;
    }
    count.textContent = `${found} of ${rows.length} ${count.dataset['noun'] ?? 'rows'}`;
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    apply();
  });
  input.addEventListener('input', apply);
}

/**
 * Puts the news of a run under way in the place of what is shown, and loads the page anew when there is a result.
 * @param {string} address
 */
function listen(address) {
  const source = new EventSource(address);
  source.addEventListener('progress', (event) => {
    const news = new DOMParser()
      .parseFromString(JSON.parse(event.data).html, 'text/html')
      .querySelector('#live');
    if (news !== null) document.querySelector('#live')?.replaceWith(news);
  });
  source.addEventListener('result', () => {
    source.close();
    location.reload();
  });
}
