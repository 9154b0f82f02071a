/* Sends a film piece by piece, so that a cut costs a piece and not the film. Without this the form sends it whole. */
(function () {
  "use strict";
  var MEGABYTE = 1024 * 1024, SMALLEST = MEGABYTE, LARGEST = 4 * MEGABYTE;
  var form = document.getElementById("film");
  if (!form || !window.XMLHttpRequest || !window.FileReader || !window.FormData || !Blob.prototype.slice) { return; }
  var camera = document.getElementById("camera"), gallery = document.getElementById("gallery");
  var sending = document.getElementById("sending"), bar = document.getElementById("bar");
  var word = document.getElementById("word"), send = document.getElementById("send"), stop = document.getElementById("stop");
  var memory = "film:" + form.action, said = form.dataset;
  var film = null, token = "", at = 0, step = SMALLEST, tries = 0, over = true, request = null, wait = 0;

  function remembered() { try { return JSON.parse(localStorage.getItem(memory)) || null; } catch (error) { return null; } }
  function remember() { try { localStorage.setItem(memory, JSON.stringify({ token: token, size: film.size })); } catch (error) { /* private window */ } }
  function forget() { try { localStorage.removeItem(memory); } catch (error) { /* private window */ } }

  function say(text) { word.textContent = text; }
  function arrived(bytes) {
    var percent = Math.min(100, Math.floor(bytes * 100 / film.size));
    bar.value = percent;
    if (!tries) { say(said.sending.replace("%", percent)); }
  }
  function show(busy) {
    sending.hidden = false; bar.hidden = stop.hidden = !busy; send.hidden = busy;
    camera.disabled = gallery.disabled = busy;
  }
  function end(text) { over = true; clearTimeout(wait); if (request) { request.abort(); request = null; } show(false); say(text); }
  function later(work, seconds) { clearTimeout(wait); wait = setTimeout(function () { if (!over) { work(); } }, seconds * 1000); }

  /* A cut may come as an error, a time-out, or (Safari) an abort nobody asked for. */
  function call(method, address, body, done, sent) {
    var own = request = new XMLHttpRequest();
    own.open(method, address);
    own.timeout = 120000;
    if (token) { own.setRequestHeader("X-Film-Token", token); }
    if (typeof body === "string") { own.setRequestHeader("Content-Type", "application/x-www-form-urlencoded"); }
    if (sent && own.upload) { own.upload.onprogress = function (event) { sent(event.loaded); }; }
    own.onload = function () {
      var answer = null;
      if (over) { return; }
      try { answer = JSON.parse(own.responseText); } catch (error) { answer = null; }
      done(own.status, answer);
    };
    own.onerror = own.ontimeout = own.onabort = function () { if (!over && own === request) { cut(); } };
    own.send(body);
  }

  /* Ours to get over, or a line that was too slow: tried again, and the chosen film stays. */
  function passes(status) { return status >= 500 || status === 429 || status === 408; }

  function cut() {
    tries += 1;
    step = SMALLEST;
    say(said.cut);
    later(ask, Math.min(15, 2 * tries));
  }

  function begin() {
    var fields = new FormData(form), body = "size=" + film.size;
    ["csrf", "request_key"].forEach(function (name) { body += "&" + name + "=" + encodeURIComponent(fields.get(name)); });
    token = "";
    call("POST", said.begin, body, function (status, answer) {
      if (status === 200 && answer) { token = answer.token; at = 0; remember(); next(); return; }
      if (answer && answer.say) { end(answer.say); return; }
      if (passes(status)) { tries += 1; say(said.cut); later(begin, Math.min(15, 2 * tries)); return; }
      location.reload();
    });
  }

  function anew(told) {
    if (told) { say(said.anew); }
    forget();
    call("DELETE", said.upload, null, function () { begin(); });
  }

  /* Where to go on. `met` compares: a page loaded anew does not know whether this is still the same film. */
  function ask(met) {
    call("GET", said.upload, null, function (status, answer) {
      if (status === 200 && answer && answer.size === film.size) {
        if (typeof met === "function") { met(answer); } else { tries = 0; at = answer.offset; next(); }
      } else if (status === 200 && answer) { anew(true);
      } else if (status === 410) { forget(); begin();
      } else if (passes(status)) { cut();
      } else { location.reload(); }
    });
  }

  function digest(from, to, done) {
    var reader = new FileReader();
    reader.onload = function () {
      crypto.subtle.digest("SHA-256", reader.result).then(function (hash) {
        done(Array.prototype.map.call(new Uint8Array(hash), function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join(""));
      }, function () { done(""); });
    };
    reader.onerror = function () { done(""); };
    reader.readAsArrayBuffer(film.slice(from, to));
  }

  function again(known) {
    token = known.token;
    ask(function (answer) {
      if (!answer.offset) { at = 0; next(); return; }
      if (!window.crypto || !crypto.subtle) { anew(true); return; }
      digest(0, answer.first_bytes, function (first) {
        if (first !== answer.first_hash) { anew(true); return; }
        digest(answer.last_from, answer.offset, function (last) {
          if (last !== answer.last_hash) { anew(true); return; }
          say(said.goesOn); at = answer.offset; next();
        });
      });
    });
  }

  function next() {
    var from = at, reader = new FileReader();
    if (over) { return; }
    /* Read into memory first: a phone may lose the file in the middle of sending it. */
    reader.onerror = function () { end(said.unreadable); };
    reader.onload = function () {
      var begun = Date.now();
      call("POST", said.upload + (said.upload.indexOf("?") < 0 ? "?" : "&") + "at=" + from, reader.result, function (status, answer) {
        if (status === 200 && answer) {
          tries = 0;
          if (answer.done) { forget(); over = true; location.replace(said.page); return; }
          step = Date.now() - begun < 1500 ? Math.min(LARGEST, step * 2) : Date.now() - begun > 8000 ? SMALLEST : step;
          at = answer.offset; arrived(at); next();
        } else if (status === 409 && answer && answer.other) { anew(true);
        } else if (status === 409 && answer) { at = answer.offset; next();
        } else if (status === 423) { say(said.busy); later(ask, 3);
        } else if (status === 410 && answer) { forget(); end(answer.say);
        } else if (passes(status)) { cut();
        } else { location.reload(); }
      }, function (loaded) { arrived(from + loaded); });
    };
    reader.readAsArrayBuffer(film.slice(from, Math.min(film.size, from + step)));
  }

  camera.addEventListener("change", function () { gallery.value = ""; });
  gallery.addEventListener("change", function () { camera.value = ""; });
  window.addEventListener("online", function () { if (!over && tries) { later(ask, 0); } });
  stop.addEventListener("click", function () {
    over = true; clearTimeout(wait);
    if (request) { request.abort(); }
    over = false; forget();
    call("DELETE", said.upload, null, function () { over = true; location.replace(said.page); });
  });
  form.addEventListener("submit", function (event) {
    var known = remembered();
    event.preventDefault();
    film = (camera.files && camera.files[0]) || (gallery.files && gallery.files[0]);
    show(false);
    if (!film) { say(said.choose); return; }
    over = false; tries = 0; step = SMALLEST; at = 0;
    show(true); arrived(0);
    if (known && known.token && known.size === film.size) { again(known); } else { begin(); }
  });
})();
