// Draws the table that follows each [data-chart]. The table stays the source: without this script it is all there is.
//
// No series needs a colour: each has its own dash, its own shape of point, and its name at its end.

import { axisBottom, axisLeft } from "d3-axis";
import { scaleBand, scaleLinear, scalePoint } from "d3-scale";
import { select } from "d3-selection";
import { line, symbol, symbolCircle, symbolSquare, symbolTriangle } from "d3-shape";

const SHAPES = [symbolCircle, symbolSquare, symbolTriangle];
const LETTER = 8; // px that one letter takes at most, at our size of text
const PAPER = 500; // half of a sheet

/** ``1.204``, ``93,4%`` or a dash, as the cells say them. */
function number(text) {
  const found = text.trim().match(/^[\d.]+(,\d+)?/);
  return found ? Number(found[0].replaceAll(".", "").replace(",", ".")) : null;
}

function read(table) {
  const heads = [...table.tHead.rows[0].cells];
  const columns = heads.flatMap((head, place) => (place && head.classList.contains("number") ? [place] : []));
  const rows = [...table.tBodies[0].rows].map((row) => ({ name: row.cells[0].textContent.trim(), cells: row.cells }));
  return {
    names: rows.map((row) => row.name),
    series: columns.map((place) => ({
      name: heads[place].textContent.trim(),
      points: rows.map((row) => {
        const said = row.cells[place].textContent.trim();
        return { name: row.name, said, value: number(said) };
      }),
    })),
  };
}

function canvas(place, width, height) {
  select(place).selectAll("svg").remove();
  return select(place).append("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("aria-hidden", "true");
}

function ceiling(series) {
  return Math.max(1, ...series.flatMap((one) => one.points.map((point) => point.value ?? 0)));
}

/** One line a column, its name at its last point; names that would touch are moved apart. */
function lines(place, { names, series }, width) {
  const narrow = width < 500;
  const right = narrow ? 32 : Math.max(...series.map((one) => one.name.length)) * LETTER + 16;
  const most = ceiling(series).toLocaleString("pt-BR", { maximumFractionDigits: 0 });
  const [left, top, bottom] = [(most.length + 1) * LETTER + 16, 16, 32];
  const height = 280 + (narrow ? series.length * 22 : 0);
  const floor = 280 - bottom;
  const svg = canvas(place, width, height);
  const x = scalePoint(names, [left, width - right]).padding(0.2);
  const y = scaleLinear([0, ceiling(series)], [floor, top]).nice(5);
  const every = Math.ceil((names.length * 7.5 * LETTER) / (width - left - right));
  const shown = names.filter((_, at) => (names.length - 1 - at) % every === 0);
  svg.append("g").attr("class", "axis").attr("transform", `translate(0 ${floor})`).call(axisBottom(x).tickValues(shown).tickSizeOuter(0));
  const whole = y.ticks(5).filter(Number.isInteger);
  svg.append("g").attr("class", "axis").attr("transform", `translate(${left} 0)`).call(axisLeft(y).tickValues(whole).tickFormat((tick) => tick.toLocaleString("pt-BR")));
  const path = line().defined((point) => point.value !== null).x((point) => x(point.name)).y((point) => y(point.value));
  const ends = [];
  series.forEach((one, turn) => {
    const group = svg.append("g").attr("class", `series series-${turn + 1}`);
    const told = one.points.filter((point) => point.value !== null);
    const shape = symbol(SHAPES[turn % SHAPES.length], 60)();
    group.append("path").attr("class", "line").attr("d", path(one.points));
    group.selectAll(".point").data(told).join("path").attr("class", "point").attr("d", shape)
      .attr("transform", (point) => `translate(${x(point.name)} ${y(point.value)})`);
    ends.push({ name: one.name, group, shape, at: told.length ? y(told.at(-1).value) : floor });
  });
  if (narrow) ends.forEach((end, turn) => legend(end, left, 280 + turn * 22 + 8));
  else apart(ends).forEach((end) => end.group.append("text").attr("x", width - right + 12).attr("y", end.at).attr("dy", "0.35em").text(end.name));
}

function apart(ends) {
  const sorted = ends.toSorted ? ends.toSorted((a, b) => a.at - b.at) : [...ends].sort((a, b) => a.at - b.at);
  sorted.forEach((end, turn) => {
    if (turn) end.at = Math.max(end.at, sorted[turn - 1].at + 20);
  });
  return sorted;
}

function legend({ name, group, shape }, x, y) {
  group.append("path").attr("class", "line").attr("d", `M${x} ${y}h40`);
  group.append("path").attr("class", "point").attr("d", shape).attr("transform", `translate(${x + 20} ${y})`);
  group.append("text").attr("x", x + 48).attr("y", y).attr("dy", "0.35em").text(name);
}

/** One bar a row for the first column, its name above and its number at its end. */
function bars(place, { names, series }, width) {
  const [{ points }] = series;
  const step = 48;
  const svg = canvas(place, width, names.length * step + 8);
  const room = Math.max(...points.map((point) => point.said.length)) * LETTER + 16;
  const x = scaleLinear([0, ceiling(series.slice(0, 1))], [0, width - room]);
  const y = scaleBand(points.map((_, at) => String(at)), [0, names.length * step]);
  const rows = svg.selectAll("g").data(points).join("g").attr("class", "series").attr("transform", (_, at) => `translate(0 ${y(String(at))})`);
  const most = Math.floor(width / LETTER);
  rows.append("text").attr("y", 16).text((point) => (point.name.length > most ? `${point.name.slice(0, most - 1)}…` : point.name));
  rows.append("rect").attr("class", "bar").attr("y", 22).attr("height", 18).attr("width", (point) => (point.value ? Math.max(1, x(point.value)) : 0));
  rows.append("text").attr("x", (point) => x(point.value ?? 0) + 8).attr("y", 36).text((point) => point.said);
}

const KINDS = { lines, bars };
const drawn = [...document.querySelectorAll("[data-chart]")].map((place) => ({
  place,
  told: read(place.nextElementSibling.querySelector("table")),
  width: 0,
}));

/** How many of the chart's units are as wide as its place: fewer where the reader's text is larger, so that its words grow too. */
function units(place) {
  return Math.round((place.clientWidth * 16) / parseFloat(getComputedStyle(document.documentElement).fontSize));
}

function draw(chart, width) {
  if (!width || width === chart.width) return;
  chart.width = width;
  KINDS[chart.place.dataset.chart](chart.place, chart.told, width);
}

for (const chart of drawn) {
  chart.place.hidden = false;
  draw(chart, units(chart.place));
  new ResizeObserver(() => draw(chart, units(chart.place))).observe(chart.place);
}
// On paper the width is another, and no observer is asked in time.
addEventListener("beforeprint", () => drawn.forEach((chart) => draw(chart, PAPER)));
addEventListener("afterprint", () => drawn.forEach((chart) => draw(chart, units(chart.place))));
