// Makes or uses a passkey for the form that names it in data-passkey ("create" or "get"), and sends the form.
"use strict";

for (const form of document.querySelectorAll("[data-passkey]")) {
  const button = form.querySelector("[data-passkey-start]");
  const problem = form.querySelector("[data-passkey-problem]");

  const start = async () => {
    problem.hidden = true;
    try {
      const options = readable(JSON.parse(form.dataset.options));
      const found = await navigator.credentials[form.dataset.passkey]({ publicKey: options });
      form.elements.credential.value = JSON.stringify(written(found));
      form.submit();
    } catch {
      problem.hidden = false;
    }
  };

  button.hidden = false;
  button.addEventListener("click", start);
  start();
}

// The server's options with bytes where the browser wants bytes.
function readable(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    for (const each of options[list] || []) each.id = bytes(each.id);
  }
  return options;
}

// What the browser found, with text where the server wants text.
function written(found) {
  const { response } = found;
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) said[name] = text(response[name]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  const extensions = JSON.stringify(found.getClientExtensionResults());
  return { id: found.id, rawId: text(found.rawId), type: found.type, response: said, extensions };
}

function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function text(buffer) {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
