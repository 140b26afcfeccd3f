// Builds what the pages load: static/src + npm packages → static/build. Run with `npm run build`.
//
// The design system is purged to the classes, attributes and tokens that our templates, Python files and
// styles name; so a class must stand in one of them in full, never put together from parts.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundle, transform } from "lightningcss";
import { PurgeCSS } from "purgecss";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "static", "src");
const target = join(root, "static", "build");
const modules = join(root, "node_modules");

const APPS = readdirSync(root).filter((folder) => existsSync(join(root, folder, "apps.py")));
const PAGES = ["templates/**/*.html", "static/src/**/*.js", ...APPS.map((app) => `${app}/**/*.py`)];
const SHEETS = ["portal.css", "admin.css"];
/** Small sheets of ours that stand beside those, loaded only where they are asked for. */
const ASIDE = ["contrast.css"];
const FONT_WEIGHTS = [400, 600, 700];
// The oldest browsers of the last five years or so: version numbers shifted as lightningcss wants them.
const TARGETS = { chrome: 100 << 16, firefox: 100 << 16, safari: 15 << 16 };

/** Our own rules of one sheet, its imports inlined. */
function ownRules(sheet) {
  return bundle({ filename: join(source, sheet) }).code.toString();
}

/** The part of the design system that the pages and `own` use. */
async function designSystem(own) {
  const [purged] = await new PurgeCSS().purge({
    content: PAGES.map((page) => join(root, page)),
    css: [join(modules, "@govbr-ds/core/dist/core.css")],
    variables: true,
    keyframes: true,
    safelist: { variables: [...own.matchAll(/var\((--[\w-]+)/g)].map((match) => match[1]) },
  });
  return purged.css.replace(/@charset[^;]*;/g, "");
}

function minify(name, css) {
  return transform({ filename: name, code: Buffer.from(css), minify: true, targets: TARGETS, errorRecovery: true }).code;
}

/** One file of symbols, so that a page pays for the icons once; the names are those of `govbr/icons.json`. */
function sprite() {
  const names = JSON.parse(readFileSync(join(root, "govbr", "icons.json"), "utf8"));
  const symbols = names.map((name) => {
    const svg = readFileSync(join(modules, "@fortawesome/fontawesome-free/svgs/solid", `${name}.svg`), "utf8");
    const [, box] = svg.match(/viewBox="([^"]+)"/);
    const paths = svg.match(/<path[^>]*>/g).join("");
    return `<symbol id="${name}" viewBox="${box}">${paths}</symbol>`;
  });
  const licence = "<!-- Font Awesome Free, https://fontawesome.com/license/free (icons CC BY 4.0) -->";
  return `<svg xmlns="http://www.w3.org/2000/svg">${licence}${symbols.join("")}</svg>\n`;
}

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, "fonts"), { recursive: true });
for (const sheet of SHEETS) {
  const own = ownRules(sheet);
  writeFileSync(join(target, sheet), minify(sheet, `${await designSystem(own)}\n${own}`));
}
for (const sheet of ASIDE) writeFileSync(join(target, sheet), minify(sheet, ownRules(sheet)));
for (const weight of FONT_WEIGHTS) {
  const font = join(modules, "@fontsource/raleway/files", `raleway-latin-${weight}-normal.woff2`);
  cpSync(font, join(target, "fonts", `raleway-${weight}.woff2`));
}
writeFileSync(join(target, "icons.svg"), sprite());
// A script of a page is one file in static/src; what it imports stands in the folder of its name.
await build({
  entryPoints: readdirSync(source).filter((name) => name.endsWith(".js")).map((name) => join(source, name)),
  outdir: target,
  bundle: true,
  format: "iife",
  minify: true,
  charset: "utf8",
  target: ["chrome100", "firefox100", "safari15"],
});
cpSync(join(modules, "htmx.org/dist/htmx.min.js"), join(target, "htmx.js"));
cpSync(join(modules, "@govbr-ds/core/dist/favicon.ico"), join(target, "favicon.ico"));
cpSync(join(source, "favicon-plain.svg"), join(target, "favicon-plain.svg"));
