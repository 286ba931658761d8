// The table of a round. Names are read from a file here and go nowhere: they are kept until the browser's tab is closed.

const COLUMNS = ["status", "reached", "why", "seconds", "attempts", "clear", "effort"];

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".round");
  const { words, rows, round } = data;
  const kept = `names of ${round}`;
  const names = JSON.parse(sessionStorage.getItem(kept) ?? "[]");
  const nameOf = (row, number) => names[number] ?? words.person.replace("{number}", row.number);

  root.querySelector(".button span").textContent = words.names;
  root.querySelector(".help").textContent = words.names_help;
  root.querySelector("input").onchange = async ({ target }) => {
    sessionStorage.setItem(kept, JSON.stringify(readNames(await target.files[0].text())));
    target.value = "";
    draw();
  };
  const csv = root.querySelector('[data-do="csv"]');
  csv.textContent = words.csv;
  csv.onclick = () => save(`${round}.csv`, [
    [words.name, words.link, ...COLUMNS.map((column) => words[column])],
    ...rows.map((row, number) => [nameOf(row, number), row.link, ...COLUMNS.map((column) => row.cells[column])]),
  ]);
  const print = root.querySelector('[data-do="print"]');
  print.textContent = words.print;
  print.hidden = !rows.some((row) => row.code);
  print.onclick = () => printSheet(root.querySelector(".sheet"), parentElement.querySelector("style"));
  fill();

  function draw() {
    names.splice(0, names.length, ...JSON.parse(sessionStorage.getItem(kept) ?? "[]"));
    fill();
  }

  function fill() {
    root.querySelector(".scroll").setAttribute("aria-label", round);
    const head = ["name", ...COLUMNS, "link"].map((column) => make("th", words[column], { scope: "col" }));
    root.querySelector("thead tr").replaceChildren(...head);
    root.querySelector("tbody").replaceChildren(...rows.map((row, number) => {
      const line = make("tr");
      line.dataset.state = row.state;
      line.dataset.id = row.id;
      const copy = make("button", words.copy, { type: "button" });
      copy.onclick = async () => {
        await navigator.clipboard.writeText(row.link);
        copy.textContent = words.copied;
      };
      const last = make("td");
      last.append(copy);
      line.append(
        make("th", nameOf(row, number), { scope: "row" }),
        ...COLUMNS.map((column) => make("td", row.cells[column], { class: column })),
        last,
      );
      return line;
    }));
    const sheet = root.querySelector(".sheet");
    sheet.hidden = print.hidden;
    sheet.replaceChildren(...rows.filter((row) => row.code).map((row) => {
      const card = make("li");
      card.innerHTML = row.code;  // a drawing of our own making
      card.append(make("b", nameOf(row, rows.indexOf(row))), make("small", row.link));
      return card;
    }));
  }
}

function make(tag, words = "", attributes = {}) {
  const element = document.createElement(tag);
  element.textContent = words;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// The first field of every line; a first line that only names the column is left out.
function readNames(content) {
  const lines = content.replace(/^\uFEFF/, "").split(/\r?\n/).filter((line) => line.trim());
  const names = lines.map((line) => {
    const quoted = line.match(/^\s*"((?:[^"]|"")*)"/);
    return (quoted ? quoted[1].replaceAll('""', '"') : line.split(/[,;\t]/)[0]).trim();
  });
  return /^(name|nama|names)$/i.test(names[0] ?? "") ? names.slice(1) : names;
}

function save(name, lines) {
  // A cell that begins like a formula would be one in a spreadsheet.
  const cell = (value) => `"${String(value).replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
  const content = lines.map((line) => line.map(cell).join(",")).join("\r\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\uFEFF", content], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function printSheet(sheet, style) {
  const paper = window.open("", "_blank");
  if (!paper) return;
  paper.document.title = document.title;
  if (style) paper.document.head.append(style.cloneNode(true));
  const copy = sheet.cloneNode(true);
  copy.hidden = false;
  paper.document.body.append(copy);
  paper.print();
}
