'use strict';

const KEPT = 181; // one a second, three minutes
const YOUNG = 61; // until there is more than a minute, one is drawn
const SMOOTH = 5; // percentiles are of the last seconds
const PAGE = 50;
const $ = id => document.getElementById(id);

function node(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// ---- asking

let token = sessionStorage.getItem('token');

async function ask(path, options = {}) {
  const headers = { ...options.headers };
  if (token) headers.Authorization = 'Bearer ' + token;
  if (options.method) headers['kvstore-request'] = '1';
  const answer = await fetch(path, { ...options, headers, cache: 'no-store' });
  if (answer.status === 401 && !$('login').open) $('login').showModal();
  const body = await answer.json();
  return { ok: answer.ok, status: answer.status, body };
}

$('login-yes').onclick = () => {
  token = $('token').value;
  sessionStorage.setItem('token', token);
  $('login').close();
};

// ---- figures in words

function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) { n /= 1024; unit++; }
  return (unit === 0 || n >= 100 ? Math.round(n) : n.toFixed(1)) + ' ' + units[unit];
}

function count(n) {
  if (n >= 1e6) return (n / 1e6).toFixed(n >= 1e8 ? 0 : 2) + ' M';
  if (n >= 1e5) return Math.round(n / 1e3) + ' k';
  return n >= 10 || Number.isInteger(n) ? Math.round(n).toLocaleString('en') : n.toFixed(1);
}

function time(nanos) {
  if (nanos === null) return '–';
  if (nanos < 1e6) return (nanos / 1e3).toFixed(nanos < 1e5 ? 1 : 0) + ' µs';
  if (nanos < 1e9) return (nanos / 1e6).toFixed(nanos < 1e8 ? 1 : 0) + ' ms';
  return (nanos / 1e9).toFixed(1) + ' s';
}

function span(millis) {
  const seconds = Math.floor(millis / 1000);
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = parts.findIndex(([size]) => seconds >= size);
  if (first < 0) return '0 s';
  const [size, unit] = parts[first];
  const rest = parts[first + 1];
  const more = rest ? Math.floor(seconds % size / rest[0]) : 0;
  return Math.floor(seconds / size) + ' ' + unit + (more ? ' ' + more + ' ' + rest[1] : '');
}

// ---- charts

const SVG = 'http://www.w3.org/2000/svg';

function svg(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A chart of lines over the last minutes; `series` is a list of { name, of: sample => number }. */
class Chart {
  constructor(title, format, { logarithmic = false, base = 10 } = {}) {
    this.base = base;
    this.title = title;
    this.format = format;
    this.logarithmic = logarithmic;
    this.series = [];
    this.samples = [];
    this.hover = null;
    this.plot = svg('svg', { role: 'img', 'aria-label': title });
    this.bar = node('div', { className: 'bar' }, node('h3', { textContent: title }));
    this.legend = node('ul', { className: 'legend' });
    $('charts').append(
      node('figure', { className: 'chart' }, this.bar, this.plot, this.legend));
    this.plot.onpointermove = event => { this.hover = event.offsetX; this.draw(); };
    this.plot.onpointerleave = () => { this.hover = null; this.draw(); };
    new ResizeObserver(() => this.draw()).observe(this.plot);
  }

  show(samples, series) {
    this.samples = samples;
    this.series = series;
    this.draw();
  }

  limits() {
    let most = 0, least = Infinity;
    for (const { of } of this.series)
      for (const sample of this.samples) {
        const value = of(sample);
        if (value === null) continue;
        most = Math.max(most, value);
        if (value > 0) least = Math.min(least, value);
      }
    if (this.logarithmic)
      return most === 0 ? [1e4, 1e7]
        : [10 ** Math.floor(Math.log10(least)), 10 ** Math.max(4, Math.ceil(Math.log10(most)))];
    const step = this.base ** Math.floor(Math.log(Math.max(most, 1)) / Math.log(this.base));
    const top = [1, 2, 4, 6, 8, 10].find(n => n * step >= most * 1.02) || 12;
    return [0, Math.max(4, top * step)];
  }

  draw() {
    const width = this.plot.clientWidth, height = 190;
    if (!width) return;
    const left = 62, right = 8, top = 8, bottom = 22;
    const [least, most] = this.limits();
    const kept = this.samples.length > YOUNG ? KEPT : YOUNG;
    const minutes = (kept - 1) / 60;
    const scale = this.logarithmic
      ? value => Math.log(Math.max(value, least) / least) / Math.log(most / least)
      : value => value / most;
    const x = i => left + (width - left - right) * (kept - this.samples.length + i) / (kept - 1);
    const y = value => height - bottom - (height - top - bottom) * scale(value);
    this.plot.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.plot.replaceChildren();
    const ticks = this.logarithmic
      ? Array.from({ length: Math.round(Math.log10(most / least)) + 1 }, (_, i) => least * 10 ** i)
      : [0, .25, .5, .75, 1].map(part => part * most);
    for (const tick of ticks) {
      this.plot.append(svg('line',
        { class: 'grid', x1: left, x2: width - right, y1: y(tick), y2: y(tick) }));
      this.text(left - 8, y(tick) + 4, 'end', this.format(tick));
    }
    for (let minute = 0; minute <= minutes; minute++)
      this.text(left + (width - left - right) * (1 - minute / minutes), height - 6,
        minute === minutes ? 'start' : minute ? 'middle' : 'end',
        minute ? minute + ' min ago' : 'now');
    this.series.forEach(({ of }, n) => {
      let d = '', open = false;
      this.samples.forEach((sample, i) => {
        const value = of(sample);
        if (value !== null) d += (open ? 'L' : 'M') + x(i).toFixed(1) + ' ' + y(value).toFixed(1);
        open = value !== null;
      });
      this.plot.append(svg('path', { d, class: 's' + n % 8 }));
    });
    this.label(this.chosen(x));
  }

  chosen(x) {
    let at = this.samples.length - 1;
    if (this.hover !== null && at > 0) {
      const pace = x(1) - x(0);
      at = Math.min(at, Math.max(0, Math.round((this.hover - x(0)) / pace)));
      this.plot.append(svg('line', { class: 'cursor', x1: x(at), x2: x(at), y1: 8, y2: 168 }));
    }
    return this.samples[at];
  }

  label(sample) {
    const words = this.series.map(({ name, of }) => {
      const value = sample ? of(sample) : null;
      return [name, value === null ? '–' : this.format(value)];
    });
    this.legend.replaceChildren(...words.map(([name, value], n) =>
      node('li', {}, node('i', { className: 's' + n % 8 }), node('span', {}, name + ' '),
        node('b', {}, value))));
    this.plot.setAttribute('aria-label',
      this.title + ': ' + words.map(([name, value]) => name + ' ' + value).join(', '));
  }

  text(x, y, anchor, words) {
    const text = svg('text', { class: 'axis', x, y, 'text-anchor': anchor });
    text.textContent = words;
    this.plot.append(text);
  }
}

const rates = new Chart('Operations per second', count);
const latency = new Chart('Latency', time, { logarithmic: true });
const entries = new Chart('Entries', count);
const space = new Chart('Space', bytes, { base: 16 });
const kinds = node('select', { ariaLabel: 'Latency of' }, node('option', { value: '' }, 'all'));
latency.bar.append(kinds);
kinds.onchange = () => redraw();

// ---- samples

const samples = [];
let before = [];

function operations(stats) {
  const found = new Map();
  for (const door of stats.doors || [])
    for (const operation of door.operations)
      found.set(door.name + ' ' + operation.name, operation);
  return found;
}

function difference(now, then) {
  const earlier = new Map(then ? then.latencies : []);
  return now.latencies.map(([nanos, n]) => [nanos, n - (earlier.get(nanos) || 0)])
    .filter(([, n]) => n > 0);
}

function percentile(buckets, part) {
  const all = buckets.reduce((sum, [, n]) => sum + n, 0);
  let rest = Math.ceil(all * part);
  for (const [nanos, n] of buckets) {
    rest -= n;
    if (rest <= 0) return nanos * 1.03; // the middle of the bucket
  }
  return null;
}

function quantiles(buckets) {
  buckets.sort(([a], [b]) => a - b);
  return [.5, .99, .999].map(part => percentile(buckets, part));
}

function sample(stats) {
  const now = { nanos: stats.nanoTime, operations: operations(stats) };
  const last = before[before.length - 1];
  const far = before[Math.max(0, before.length - SMOOTH)];
  const made = { rates: new Map(), quantiles: new Map(), store: stats.store || null };
  if (last) {
    const seconds = (now.nanos - last.nanos) / 1e9;
    const all = [];
    for (const [name, operation] of now.operations) {
      const then = last.operations.get(name);
      made.rates.set(name, (operation.answers - (then ? then.answers : 0)) / seconds);
      const buckets = difference(operation, far.operations.get(name));
      made.quantiles.set(name, quantiles(buckets));
      all.push(...buckets);
    }
    made.quantiles.set('', quantiles(all));
  }
  before = [...before, now].slice(-SMOOTH);
  samples.push(made);
  if (samples.length > KEPT) samples.shift();
  for (const [name, operation] of now.operations)
    if (operation.answers > 0 && ![...kinds.options].some(option => option.value === name))
      kinds.append(node('option', { value: name }, name));
}

function redraw() {
  const seen = [...kinds.options].map(option => option.value).filter(name => name);
  rates.show(samples, seen.map(name => ({
    name, of: sample => sample.rates.has(name) ? sample.rates.get(name) : null })));
  const kind = kinds.value;
  latency.show(samples, ['p50', 'p99', 'p99.9'].map((name, i) => ({
    name, of: sample => (sample.quantiles.get(kind) || [])[i] ?? null })));
  const store = name => sample => sample.store ? sample.store[name] : null;
  entries.show(samples, [{ name: 'entries', of: store('entries') }]);
  space.show(samples, [
    { name: 'live', of: store('liveBytes') },
    { name: 'stale', of: store('staleBytes') },
    { name: 'on disk', of: store('diskBytes') }]);
}

function list(place, pairs) {
  place.replaceChildren(...pairs.map(([name, value]) =>
    node('div', {}, node('dt', {}, name), node('dd', {}, value))));
}

function describe(stats) {
  const status = $('status');
  status.textContent = stats.status;
  status.className = 'pill ' + (stats.status === 'ready' ? 'good'
    : stats.status === 'read-only' || stats.status === 'full' ? 'bad' : '');
  const { facts, store } = stats;
  const up = span(Date.parse(facts.now) - Date.parse(facts.started));
  $('summary').textContent = `${facts.version} · ${facts.directory} · up ${up}`;
  const now = samples[samples.length - 1];
  const rate = [...now.rates.values()].reduce((a, b) => a + b, 0);
  const connections = (stats.doors || []).reduce((sum, door) => sum + door.connections, 0);
  if (!store) return;
  list($('tiles'), [
    ['Operations / s', count(rate)],
    ['Latency p99', time((now.quantiles.get('') || [])[1] ?? null)],
    ['Entries', count(store.entries)],
    ['Live', bytes(store.liveBytes)],
    ['Stale', bytes(store.staleBytes)],
    ['On disk', bytes(store.diskBytes)],
    ['Connections', count(connections)]]);
  const flat = [
    ['Version', facts.version], ['Java', facts.java], ['Directory', facts.directory],
    ['Durability', facts.durability], ['Started', new Date(facts.started).toLocaleString()],
    ['Opening took', store.openMillis + ' ms'], ['Segments', count(store.segments)],
    ['Changes', count(store.sequence)], ['Syncs', count(store.syncs)],
    ['Compactions', count(store.compactions)], ['Index on the heap', bytes(store.indexHeapBytes)]];
  $('facts').replaceChildren(...flat.flatMap(([name, value]) =>
    [node('dt', {}, name), node('dd', {}, value)]));
}

let shownErrors = '';

function showErrors(errors) {
  const text = JSON.stringify(errors);
  if (text === shownErrors) return;
  shownErrors = text;
  $('calm').hidden = errors.length > 0;
  $('errors').replaceChildren(...errors.map(error => node('li', {},
    node('time', { dateTime: error.time }, new Date(error.time).toLocaleTimeString()),
    node('span', { className: 'source' }, error.source),
    node('span', { className: 'text' }, error.text))));
}

async function tick() {
  try {
    const { ok, body } = await ask('/api/stats');
    if (ok) {
      sample(body);
      redraw();
      describe(body);
      showErrors(body.errors);
    }
  } catch {
    $('status').textContent = 'no answer';
    $('status').className = 'pill bad';
  }
  setTimeout(tick, 1000);
}

// ---- keys

let prefix = '', cursor = null, searches = 0;

function parameter(keyBase64) {
  return [...atob(keyBase64)].map(c => '%' + c.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

function named(entry) {
  if (entry.key === '') return '(the empty key)';
  return entry.key ?? 'bytes ' + hex(decoded(entry.keyBase64));
}

async function search(more) {
  const mine = ++searches;
  const { ok, body } = await ask(`/api/entries?limit=${PAGE}&prefix=${encodeURIComponent(prefix)}`
    + (more && cursor ? '&cursor=' + encodeURIComponent(cursor) : ''));
  if (mine !== searches) return;
  if (!ok) {
    $('hits').textContent = body.detail;
    return;
  }
  cursor = body.cursor;
  const made = body.entries.map(entry => node('li', {}, keyButton(entry)));
  if (more) $('keys').append(...made);
  else $('keys').replaceChildren(...made);
  const shown = $('keys').children.length;
  $('more').hidden = !cursor;
  $('hits').textContent = cursor ? `${shown} keys, and there may be more`
    : shown === 1 ? '1 key' : `${shown || 'No'} keys`;
}

function keyButton(entry) {
  const button = node('button', { type: 'button', title: named(entry) },
    node('span', { className: 'name' }, named(entry)),
    node('span', { className: 'size' }, bytes(entry.bytes)));
  button.dataset.key = entry.keyBase64;
  button.onclick = () => open(entry.keyBase64);
  return button;
}

$('search').onsubmit = event => {
  event.preventDefault();
  prefix = $('prefix').value;
  search(false);
};
$('more').onclick = () => search(true);
$('keys').onkeydown = event => {
  const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
  const next = step && event.target.closest('li')[step];
  if (next) {
    next.firstChild.focus();
    event.preventDefault();
  }
};

// ---- one entry

function decoded(base64) {
  return Uint8Array.from(atob(base64), c => c.charCodeAt(0));
}

function hex(array) {
  return [...array].map(b => b.toString(16).padStart(2, '0')).join(' ');
}

function hexDump(array) {
  const lines = [];
  for (let at = 0; at < array.length; at += 16) {
    const part = array.subarray(at, at + 16);
    const text = [...part].map(b => b > 31 && b < 127 ? String.fromCharCode(b) : '.').join('');
    lines.push(at.toString(16).padStart(8, '0') + '  ' + hex(part).padEnd(49) + text);
  }
  return lines.join('\n');
}

function text(array) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(array);
  } catch {
    return null;
  }
}

function pretty(words) {
  try {
    return words === null ? null : JSON.stringify(JSON.parse(words), null, 2);
  } catch {
    return null;
  }
}

function show(...children) {
  $('entry').replaceChildren(...children);
}

function notice(kind, words) {
  return node('p', { className: 'notice ' + kind, role: kind === 'bad' ? 'alert' : 'status' }, words);
}

function mark(keyBase64) {
  for (const button of $('keys').querySelectorAll('button')) {
    if (button.dataset.key === keyBase64) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
}

async function open(keyBase64, first) {
  mark(keyBase64);
  const { ok, body } = await ask('/api/entry?key=' + parameter(keyBase64));
  if (!ok) return show(notice('bad', body.detail));
  const value = decoded(body.valueBase64);
  const words = text(value);
  const forms = [['Text', words], ['JSON', pretty(words)], ['Hex', hexDump(value)]];
  const cut = body.bytes > value.length;
  const view = node('pre', { tabIndex: 0, role: 'tabpanel', ariaLabel: 'Value' });
  const tabs = node('div', { className: 'tabs', role: 'tablist', ariaLabel: 'Show the value as' });
  const choose = chosen => {
    for (const tab of tabs.children) tab.ariaSelected = String(tab.textContent === chosen[0]);
    view.textContent = chosen[1];
    view.className = chosen[0] === 'Hex' ? 'hex' : '';
  };
  for (const form of forms)
    tabs.append(node('button', { type: 'button', role: 'tab', disabled: form[1] === null,
      onclick: () => choose(form) }, form[0]));
  choose(forms[1][1] !== null ? forms[1] : forms.find(form => form[1] !== null));
  const edit = node('button', { type: 'button', disabled: cut,
    onclick: () => editor(body, value, words) }, 'Edit');
  const remove = node('button', { type: 'button', className: 'danger',
    onclick: () => confirmDelete(body) }, 'Delete');
  const left = body.expiresAt ? Date.parse(body.expiresAt) - Date.now() : null;
  show(...(first ? [first] : []),
    node('h3', { className: 'mono' }, named(body)),
    node('dl', { className: 'meta' },
      ...[['Content type', body.label || 'none given'],
        ['Size', bytes(body.bytes) + (cut ? ', of which the beginning is shown' : '')],
        ['Version', body.version],
        ['Expires', left === null ? 'never' : 'in ' + span(Math.max(left, 0))]]
        .flatMap(([name, said]) => [node('dt', {}, name), node('dd', {}, said)])),
    tabs, view, node('div', { className: 'buttons' }, edit, remove));
}

function field(label, properties) {
  const input = node('input', { autocomplete: 'off', spellcheck: false, ...properties });
  return [node('label', {}, label, input), input];
}

/** Edits an entry, as text or, where it is none, as hexadecimal digits; or makes one. */
function editor(entry, value, words) {
  const [keyField, key] = field('Key', {});
  const [typeField, type] = field('Content type', { value: entry?.label || '' });
  const [lifeField, life] = field('Expires after (seconds)', { type: 'number', min: '1',
    placeholder: entry?.expiresAt ? 'as it is' : 'never' });
  const asText = words !== null;
  const area = node('textarea', { spellcheck: false, ariaLabel: asText ? 'Value' : 'Value in hex',
    value: asText ? words : hex(value) });
  const said = node('div');
  const save = node('button', { type: 'submit', className: 'main' }, 'Save');
  const form = node('form', {}, said,
    node('div', { className: 'fields' }, ...(entry ? [] : [keyField]), typeField, lifeField), area,
    node('div', { className: 'buttons' }, save, node('button', { type: 'button',
      onclick: () => entry ? open(entry.keyBase64) : show() }, 'Cancel')));
  form.onsubmit = async event => {
    event.preventDefault();
    const digits = area.value.replace(/\s+/g, '');
    if (!asText && !/^([0-9a-f]{2})*$/i.test(digits))
      return said.replaceChildren(notice('bad', 'These are not pairs of hexadecimal digits.'));
    const body = asText ? new TextEncoder().encode(area.value)
      : Uint8Array.from(digits.match(/../g) || [], pair => parseInt(pair, 16));
    save.disabled = true;
    const keyBase64 = entry ? entry.keyBase64
      : btoa(String.fromCharCode(...new TextEncoder().encode(key.value)));
    const done = await write(keyBase64, entry, body, type.value, life.value).catch(() => null);
    save.disabled = false;
    if (done?.ok) {
      await search(false);
      return open(keyBase64, notice('good', 'Saved.'));
    }
    said.replaceChildren(notice('bad', !done ? 'The server does not answer.'
      : done.status === 412 ? 'Not saved: ' + (entry ? done.body.detail
        + ' Copy what you need and open the entry again.' : 'There is an entry under this key.')
      : done.body.detail));
  };
  show(node('h3', { className: 'mono' }, entry ? named(entry) : 'New entry'), form);
  (entry ? area : key).focus();
}

function write(keyBase64, entry, body, type, life) {
  let path = `/api/entry?key=${parameter(keyBase64)}&label=${encodeURIComponent(type)}`;
  if (life) path += '&ttlMillis=' + Math.round(life * 1000);
  else if (entry?.expiresAt) path += '&expiresAt=' + encodeURIComponent(entry.expiresAt);
  const headers = entry ? { 'If-Match': `"${entry.version}"` } : { 'If-None-Match': '*' };
  return ask(path, { method: 'PUT', headers, body });
}

function confirmDelete(entry) {
  $('confirm-text').textContent = 'Delete ' + named(entry) + '?';
  $('confirm-no').onclick = () => $('confirm').close();
  $('confirm-yes').onclick = async () => {
    $('confirm').close();
    const { ok, status, body } = await ask('/api/entry?key=' + parameter(entry.keyBase64),
      { method: 'DELETE', headers: { 'If-Match': `"${entry.version}"` } });
    if (ok) {
      show(notice('good', named(entry) + ' is deleted.'));
      search(false);
    } else {
      await open(entry.keyBase64, notice('bad', 'Not deleted: ' + body.detail
        + (status === 412 ? ' This is what it is now.' : '')));
    }
  };
  $('confirm').showModal();
  $('confirm-no').focus();
}

$('create').onclick = () => { mark(''); editor(null, null, ''); };

// ---- the page

const theme = $('theme');
theme.value = localStorage.getItem('theme') || '';
theme.onchange = () => {
  localStorage.setItem('theme', theme.value);
  document.documentElement.dataset.theme = theme.value;
};
document.documentElement.dataset.theme = theme.value;

document.onkeydown = event => {
  if (event.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
    event.preventDefault();
    $('prefix').focus();
  }
};

search(false).catch(() => { $('hits').textContent = 'The server does not answer.'; });
tick();
