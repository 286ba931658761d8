// Tells the page around ours what happens, where it is one of those that may know.

let told = "";

export default function ({ data }) {
  if (window.parent === window) return;
  const message = { source: "real-selfie", session: data.session, type: data.type, ...data.more };
  const words = JSON.stringify(message);
  if (words === told) return;
  told = words;
  // The browser hands it over only to a page of that origin. Firefox does not say which one it is.
  const around = window.location.ancestorOrigins?.[0];
  for (const origin of data.origins) {
    if (!around || around === origin) window.parent.postMessage(message, origin);
  }
}
