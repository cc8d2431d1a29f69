// Puts the map where its script tag stands, in a page of any site:
//
//     <script src="https://catalogue.example/map/embed.js" data-filters="kind=facility&country=DK" data-height="480" async></script>
//
// `data-filters` is what stands after the question mark of a map's address, `data-network` the network whose map it is.
"use strict";

(() => {
  const script = document.currentScript;
  const { filters = "", network = "", height = "480", title = "Map" } = script.dataset;
  const part = network ? `/networks/${encodeURIComponent(network)}` : "";
  const map = new URL(`${part}/map/embed`, script.src);
  map.search = filters;
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: map.href, title, loading: "lazy", allowFullscreen: true });
  Object.assign(frame.style, { width: "100%", height: `${parseInt(height, 10) || 480}px`, border: "0" });
  script.after(frame);
})();
