// Starts Scalar, which reads the service's own description. Scalar puts style into the document as elements and attributes, which the
// Content-Security-Policy forbids; what a script sets by way of sheets and objects is allowed. So each is set that way here.
"use strict";
const { createElement } = Document.prototype;
Document.prototype.createElement = function (name, options) {
  const made = createElement.call(this, name, options);
  if (String(name).toLowerCase() === "style") {
    // An element of this type is text to the browser, whatever type it is given later on; the sheet beside it has its content.
    made.type = "text/plain";
    Object.defineProperty(made, "type", { get: () => "text/css", set() { } });
    const sheet = new CSSStyleSheet();
    document.adoptedStyleSheets.push(sheet);
    new MutationObserver(() => sheet.replaceSync(made.textContent)).observe(made, { childList: true, characterData: true, subtree: true });
  }
  return made;
};
const { setAttribute } = Element.prototype;
Element.prototype.setAttribute = function (name, value) {
  if (String(name).toLowerCase() === "style" && this.style)
    this.style.cssText = value;
  else if (!(this instanceof HTMLStyleElement && String(name).toLowerCase() === "type"))
    setAttribute.call(this, name, value);
};
const inner = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
Object.defineProperty(Element.prototype, "innerHTML", {
  ...inner,
  set(html) {
    inner.set.call(this, String(html).replaceAll(/(<[^<>]*\s)style=/g, "$1data-style="));
    for (const styled of (this.content ?? this).querySelectorAll("[data-style]"))
      styled.style.cssText = styled.dataset.style;
  },
});
const script = document.createElement("script");
script.src = document.documentElement.dataset.scalar;
script.onload = () => Scalar.createApiReference("#reference", {
  sources: [
    { title: "Images as base64 in JSON", url: "/openapi/v1.json" },
    { title: "Images as files", url: "/openapi/v1-files.json" },
  ],
  servers: [{ url: location.origin }],
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  agent: { disabled: true },
  mcp: { disabled: true },
});
document.head.append(script);
