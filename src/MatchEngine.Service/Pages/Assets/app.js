'use strict';
// What the pages do beyond HTML: drop zones, answers without leaving the page (so that the browser's own copy of a probe can be shown
// beside the candidates), one result a photo while enrolling, and the examiner's bench. Nothing here is needed to use the service.
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const announce = text => { const place = $('#announce'); if (place) { place.textContent = ''; requestAnimationFrame(() => { place.textContent = text; }); } };
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  // ---- Photos in the browser: one object URL a file, given back when another takes its place.
  const urls = new Map();
  const urlOf = file => { if (!urls.has(file)) urls.set(file, URL.createObjectURL(file)); return urls.get(file); };
  const forget = keep => { for (const [file, url] of urls) if (!keep.includes(file)) { URL.revokeObjectURL(url); urls.delete(file); } };
  const chosen = () => $$('input[type=file]').flatMap(input => [...input.files]);
  const fileOf = name => { const input = $(`input[type=file][name="${CSS.escape(name)}"]`); return input && input.files[0]; };
  const shown = file => new Promise((done, failed) => { const image = new Image(); image.onload = () => done(image); image.onerror = failed; image.src = urlOf(file); });

  const preview = async input => {
    forget(chosen());
    const place = $('[data-preview]', input.closest('[data-drop]'));
    if (!place) return;
    place.replaceChildren();
    place.hidden = input.files.length === 0;
    if (place.hidden) return;
    try {
      const image = await shown(input.files[0]);
      image.alt = `Preview of ${input.files[0].name}`;
      place.replaceChildren(image);
    } catch {
      place.textContent = `${input.files[0].name}: this browser cannot show the format; the service may still read it.`;
    }
  };
  const give = (input, files) => {
    if (files.length === 0) return;
    const transfer = new DataTransfer();
    for (const file of input.multiple ? files : files.slice(0, 1)) transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    announce(input.files.length === 1 ? `${input.files[0].name} chosen` : `${input.files.length} photos chosen`);
  };
  for (const zone of $$('[data-drop]')) {
    const input = $('input[type=file]', zone);
    input.addEventListener('change', () => preview(input));
    for (const kind of ['dragenter', 'dragover']) zone.addEventListener(kind, event => { event.preventDefault(); zone.classList.add('over'); });
    zone.addEventListener('dragleave', event => { if (!zone.contains(event.relatedTarget)) zone.classList.remove('over'); });
    zone.addEventListener('drop', event => {
      event.preventDefault();
      zone.classList.remove('over');
      give(input, [...event.dataTransfer.files]);
    });
    if (input.files.length) preview(input);
  }
  // A photo dropped beside a zone must not replace the page.
  for (const kind of ['dragover', 'drop']) window.addEventListener(kind, event => event.preventDefault());
  document.addEventListener('paste', event => {
    const files = [...(event.clipboardData ? event.clipboardData.files : [])];
    const input = $('[data-probe-form] input[type=file]') || $('[data-queue] input[type=file]');
    if (input && files.length) { event.preventDefault(); give(input, files); }
  });

  // ---- The probe beside its candidates.
  const numbers = text => text.split(' ').map(Number);
  const drawFace = (canvas, image, [x, y, width, height]) => {
    // A square around the face with room for hair and chin, as the crops of candidates have it.
    const side = Math.max(width, height) * 1.6;
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, x + width / 2 - side / 2, y + height / 2 - side / 2, side, side, 0, 0, canvas.width, canvas.height);
  };
  const scaled = (image, box, size) => {
    const [kx, ky] = [image.naturalWidth / size[0], image.naturalHeight / size[1]];
    return [box[0] * kx, box[1] * ky, box[2] * kx, box[3] * ky];
  };
  const drawProbes = async (within, files) => {
    for (const figure of $$('[data-probe]', within)) {
      const place = $('[data-picture]', figure);
      const file = files[figure.dataset.probe];
      if (!file) { place.textContent = 'not shown: the service keeps no copy'; continue; }
      try {
        const image = await shown(file);
        image.alt = 'The photo as this browser has it';
        const [box, size] = [numbers(figure.dataset.box), numbers(figure.dataset.size)];
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
        svg.setAttribute('viewBox', `0 0 ${size[0]} ${size[1]}`);
        svg.setAttribute('preserveAspectRatio', 'none');
        svg.setAttribute('role', 'img');
        svg.setAttribute('aria-label', 'Frame around the detected face');
        for (const name of ['edge', '']) {
          const rect = document.createElementNS(svg.namespaceURI, 'rect');
          ['x', 'y', 'width', 'height'].forEach((key, i) => rect.setAttribute(key, box[i]));
          if (name) rect.setAttribute('class', name);
          svg.append(rect);
        }
        place.replaceChildren(image, svg);
        if (figure.dataset.probe === 'image')
          for (const canvas of $$('canvas[data-probe-face]', within)) drawFace(canvas, image, scaled(image, box, size));
      } catch {
        place.textContent = 'This browser cannot show the photo’s format.';
      }
    }
    const probe = files.image;
    const buttons = $$('[data-face-box]', within);
    if (probe && buttons.length) {
      try {
        const image = await shown(probe);
        for (const button of buttons) {
          const canvas = element('canvas', { width: 96, height: 96, 'aria-hidden': 'true' });
          drawFace(canvas, image, numbers(button.dataset.faceBox));
          button.prepend(canvas);
        }
      } catch { /* The numbers say it too. */ }
    }
    for (const image of $$('img.face', within)) image.addEventListener('error', () => image.replaceWith(element('div', { class: 'face none' }, 'no photo kept')), { once: true });
    for (const button of $$('[data-bench-open]', within)) button.hidden = false;
  };

  // ---- Forms whose answer is a part of the page.
  const ask = async (form, submitter, data) => {
    const address = submitter && submitter.hasAttribute('formaction') ? submitter.formAction : form.action;
    const response = await fetch(address, { method: 'POST', body: data, headers: { 'X-Fragment': '1' }, cache: 'no-store', redirect: 'error' });
    return { ok: response.ok, status: response.status, wait: Number(response.headers.get('Retry-After')), html: await response.text() };
  };
  const body = (form, submitter) => {
    const data = new FormData(form);
    if (submitter && submitter.name) data.append(submitter.name, submitter.value);
    return data;
  };
  const failure = text => `<div class="problem" role="alert"><p><strong>No answer.</strong> ${text}</p></div>`;
  for (const form of $$('form[data-fill]')) form.addEventListener('submit', async event => {
    event.preventDefault();
    const submitter = event.submitter;
    const place = $(form.dataset.fill);
    const busy = $('.busy', form);
    const buttons = $$('button', form);
    // Taken now: the list must show the probe that it was made with, whatever is chosen meanwhile.
    const files = Object.fromEntries($$('input[type=file]', form).filter(input => input.files.length).map(input => [input.name, input.files[0]]));
    const data = body(form, submitter);
    buttons.forEach(button => { button.disabled = true; });
    if (busy) busy.hidden = false;
    place.setAttribute('aria-busy', 'true');
    try {
      const answer = await ask(form, submitter, data);
      place.innerHTML = answer.html;
    } catch {
      place.innerHTML = failure('The service cannot be reached. Nothing is lost: try again in a moment.');
    } finally {
      buttons.forEach(button => { button.disabled = false; });
      if (busy) busy.hidden = true;
      place.removeAttribute('aria-busy');
    }
    const says = $('[data-says]', place);
    if (says) announce(says.dataset.says);
    await drawProbes(place, files);
    place.dataset.files = 'kept';
    filesOf.set(place, files);
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    place.dispatchEvent(new CustomEvent('filled', { bubbles: true }));
  });
  const filesOf = new WeakMap();

  // ---- Enrolment: one photo a request, its result at once.
  for (const form of $$('form[data-queue]')) form.addEventListener('submit', async event => {
    event.preventDefault();
    const input = $('input[type=file]', form);
    const list = $(form.dataset.queue);
    const bar = $('#enrol-progress');
    const count = $('[data-count]', form);
    const stop = $('[data-stop]', form);
    const files = [...input.files];
    const base = body(form, event.submitter);
    base.delete(input.name);
    let stopped = false;
    stop.hidden = false;
    stop.onclick = () => { stopped = true; };
    event.submitter.disabled = true;
    bar.hidden = false;
    bar.max = files.length;
    const tally = { enrolled: 0, duplicate: 0, failed: 0 };
    let done = 0;
    const tell = () => { bar.value = done; count.textContent = `${done} of ${files.length}: ${tally.enrolled} enrolled, ${tally.duplicate} already there, ${tally.failed} refused`; };
    tell();
    for (const file of files) {
      if (stopped) break;
      const data = new FormData();
      for (const [key, value] of base) data.append(key, value);
      data.append(input.name, file, file.name);
      let answer;
      try {
        do {
          answer = await ask(form, null, data);
          // Busy or asked too often: the service says how long to wait.
          if (!stopped && (answer.status === 503 || answer.status === 429)) await new Promise(go => setTimeout(go, Math.max(1, answer.wait || 1) * 1000));
        } while (!stopped && (answer.status === 503 || answer.status === 429));
      } catch {
        answer = { ok: false, html: failure('The service cannot be reached.') };
        stopped = true;
      }
      const template = element('template');
      template.innerHTML = answer.html;
      const items = $$('li', template.content);
      if (items.length) {
        for (const item of items) { tally[item.dataset.status]++; list.prepend(item); }
      } else {
        tally.failed++;
        const item = element('li', { class: 'result failed', 'data-status': 'failed' });
        item.append(element('div', {}, element('strong', {}, `✗ ${file.name}`), template.content));
        list.prepend(item);
      }
      done++;
      tell();
    }
    announce(`${stopped ? 'Stopped. ' : ''}${count.textContent}`);
    stop.hidden = true;
    event.submitter.disabled = false;
    form.dispatchEvent(new CustomEvent('queue-done', { bubbles: true }));
  });

  // ---- The bench: two photos, one zoom.
  const bench = root => {
    const panes = $$('[data-pane]', root);
    const apart = $('[data-apart]', root);
    const zoom = $('[data-zoom]', root);
    // Zoom 1 fits the photo; the middle is what lies in the pane's middle, in parts of the photo. So photos of any size show the same place.
    const views = panes.map(() => ({ zoom: 1, x: .5, y: .5 }));
    const paint = () => {
      panes.forEach((pane, i) => {
        const image = $('img', pane);
        if (image.hidden || !image.naturalWidth) return;
        const fit = Math.min(pane.clientWidth / image.naturalWidth, pane.clientHeight / image.naturalHeight);
        const scale = fit * views[i].zoom;
        image.style.transform = `translate(${pane.clientWidth / 2 - views[i].x * image.naturalWidth * scale}px, ${pane.clientHeight / 2 - views[i].y * image.naturalHeight * scale}px) scale(${scale})`;
      });
      zoom.textContent = views[0].zoom === views[1].zoom ? `${Math.round(views[0].zoom * 100)} %` : `${Math.round(views[0].zoom * 100)} % and ${Math.round(views[1].zoom * 100)} %`;
    };
    const change = (index, alter) => {
      for (const [i, view] of views.entries()) {
        if (apart.checked && i !== index) continue;
        alter(view, i);
        view.zoom = Math.min(40, Math.max(.5, view.zoom));
        view.x = Math.min(1, Math.max(0, view.x));
        view.y = Math.min(1, Math.max(0, view.y));
      }
      paint();
    };
    const step = i => {
      const image = $('img', panes[i]);
      const fit = Math.min(panes[i].clientWidth / image.naturalWidth, panes[i].clientHeight / image.naturalHeight) * views[i].zoom;
      return [1 / (image.naturalWidth * fit || 1), 1 / (image.naturalHeight * fit || 1)];
    };
    const fit = index => change(index, view => Object.assign(view, { zoom: 1, x: .5, y: .5 }));
    panes.forEach((pane, index) => {
      const image = $('img', pane);
      image.draggable = false;
      image.addEventListener('load', () => { image.hidden = false; $('.pane-empty', pane).hidden = true; paint(); });
      image.addEventListener('error', () => { image.hidden = true; const note = $('.pane-empty', pane); note.hidden = false; note.textContent = 'No photo is kept, or this browser cannot show it.'; });
      pane.addEventListener('wheel', event => {
        event.preventDefault();
        const factor = Math.exp(-event.deltaY / 500);
        const area = pane.getBoundingClientRect();
        const [dx, dy] = [event.clientX - area.left - pane.clientWidth / 2, event.clientY - area.top - pane.clientHeight / 2];
        const [sx, sy] = step(index);
        change(index, view => { view.zoom *= factor; view.x += dx * sx * (1 - 1 / factor); view.y += dy * sy * (1 - 1 / factor); });
      }, { passive: false });
      pane.addEventListener('pointerdown', event => { pane.setPointerCapture(event.pointerId); pane.focus(); });
      pane.addEventListener('pointermove', event => {
        if (!pane.hasPointerCapture(event.pointerId)) return;
        const [sx, sy] = step(index);
        change(index, view => { view.x -= event.movementX * sx; view.y -= event.movementY * sy; });
      });
      pane.addEventListener('keydown', event => {
        const [sx, sy] = step(index);
        const far = event.shiftKey ? 120 : 30;
        const keys = {
          '+': view => { view.zoom *= 1.25; }, '=': view => { view.zoom *= 1.25; }, '-': view => { view.zoom /= 1.25; },
          ArrowLeft: view => { view.x -= far * sx; }, ArrowRight: view => { view.x += far * sx; }, ArrowUp: view => { view.y -= far * sy; }, ArrowDown: view => { view.y += far * sy; },
        };
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === '0') fit(index);
        else if (keys[event.key]) change(index, keys[event.key]);
        else return;
        event.preventDefault();
      });
    });
    root.addEventListener('click', event => {
      const act = event.target.dataset && event.target.dataset.do;
      if (act === 'in') change(0, view => { view.zoom *= 1.25; });
      else if (act === 'out') change(0, view => { view.zoom /= 1.25; });
      else if (act === 'fit') { for (const i of [0, 1]) fit(i); }
    });
    $('[data-grid]', root).addEventListener('change', event => $('.panes', root).classList.toggle('grid', event.target.checked));
    new ResizeObserver(paint).observe($('.panes', root));
    for (const pane of panes) { const image = $('img', pane); if (image.complete && image.naturalWidth) { image.hidden = false; paint(); } }
    return { show: (index, address) => { const image = $('img', panes[index]); image.src = address; }, views, paint };
  };
  for (const root of $$('[data-bench]')) {
    const table = bench(root);
    for (const input of $$('[data-bench-file]')) input.addEventListener('change', () => { if (input.files[0]) { table.show(Number(input.dataset.benchFile), urlOf(input.files[0])); forget(chosen()); } });
  }
  // From a list the bench opens over the page, with the probe that the browser still has.
  const overlay = () => {
    let dialog = $('#bench-dialog');
    if (dialog) return dialog;
    const tool = (name, label) => element('button', { type: 'button', class: 'plain', 'data-do': name }, label);
    const tick = (id, attribute, label) => element('span', { class: 'tick' }, element('input', { type: 'checkbox', id, [attribute]: '' }), element('label', { for: id }, label));
    const pane = (i, label) => element('div', { class: 'pane', 'data-pane': i, tabindex: '0', role: 'group', 'aria-label': label, 'aria-describedby': 'dialog-keys' }, element('img', { alt: label, hidden: '' }), element('p', { class: 'pane-empty' }, 'No photo'));
    const close = element('button', { type: 'button', class: 'plain' }, 'Close');
    const root = element('div', { class: 'bench' },
      element('div', { class: 'bench-tools', role: 'toolbar', 'aria-label': 'Zoom and pan' }, tool('in', 'Zoom in'), tool('out', 'Zoom out'), tool('fit', 'Fit'), tick('dialog-apart', 'data-apart', 'Move one alone'), tick('dialog-grid', 'data-grid', 'Grid'), element('output', { 'data-zoom': '', 'aria-label': 'Zoom' }), close),
      element('div', { class: 'panes' }, pane(0, 'Left photo'), pane(1, 'Right photo')),
      element('p', { class: 'quiet', id: 'dialog-keys' }, 'With a photo in focus: + and − zoom, the arrows move, 0 fits. Two faces that look alike are a lead, never an identification.'));
    dialog = element('dialog', { id: 'bench-dialog', 'aria-labelledby': 'bench-title' }, element('h2', { id: 'bench-title' }), root);
    close.addEventListener('click', () => dialog.close());
    document.body.append(dialog);
    dialog.table = bench(root);
    return dialog;
  };
  document.addEventListener('click', async event => {
    const button = event.target.closest && event.target.closest('[data-bench-open]');
    if (!button) return;
    const files = filesOf.get(button.closest('#result')) || {};
    const dialog = overlay();
    $('#bench-title', dialog).textContent = button.dataset.benchTitle;
    const first = files[button.dataset.benchFirst || 'image'];
    const second = files[button.dataset.benchOpen];
    const opened = dialog.opened = {};
    dialog.showModal();
    $('[data-pane]', dialog).focus();
    for (const view of dialog.table.views) Object.assign(view, { zoom: 1, x: .5, y: .5 });
    if (first) dialog.table.show(0, urlOf(first));
    dialog.table.show(1, second ? urlOf(second) : button.dataset.benchOpen);
    dialog.table.paint();
    if (!first || button.dataset.benchFirst) return;
    // The probe's face fills the pane as the candidate's crop does. A busy browser makes a crop late: until then the photo itself is
    // there, and whoever looks at another candidate meanwhile is not disturbed.
    const face = await faceAddress();
    if (face && dialog.open && dialog.opened === opened) dialog.table.show(0, face);
  });
  // A crop of the probe at its own resolution, made here.
  const faces = new WeakMap();
  const faceAddress = async () => {
    const figure = $('#result [data-probe="image"]');
    const image = figure && $('img', figure);
    if (!image || !image.naturalWidth) return null;
    if (!faces.has(image)) {
      const box = scaled(image, numbers(figure.dataset.box), numbers(figure.dataset.size));
      const side = Math.max(64, Math.round(Math.max(box[2], box[3]) * 1.6));
      const canvas = element('canvas', { width: side, height: side });
      drawFace(canvas, image, box);
      faces.set(image, new Promise(done => canvas.toBlob(blob => done(blob && URL.createObjectURL(blob)))));
    }
    return faces.get(image);
  };

  for (const input of $$('[data-select]')) input.addEventListener('focus', () => input.select());
  drawProbes(document, {}).catch(() => {});
  document.documentElement.dataset.ready = 'yes';
})();
