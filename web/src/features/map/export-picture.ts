const SVG = 'http://www.w3.org/2000/svg';
/** What a style sheet says about shapes and texts, as attributes of SVG. */
const LOOKS = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'font-size',
  'font-weight',
  'opacity',
  'text-decoration',
  'paint-order',
  'display',
] as const;
const MARGIN = 24;
const HEAD = 20;
/** Pixels of a picture for one unit, so that it is sharp in print. */
const DENSITY = 2;

/** The map as a file of its own: nothing in it refers to this page. */
export function standaloneSvg(picture: SVGSVGElement, size: { width: number; height: number }): string {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const originals = [...picture.querySelectorAll('*')];
  for (const [index, element] of [...copy.querySelectorAll('*')].entries()) {
    const original = originals[index];
    if (original === undefined) continue;
    const looks = getComputedStyle(original);
    for (const name of LOOKS) {
      const value = looks.getPropertyValue(name);
      if (value !== '' && value !== 'none 0px') element.setAttribute(name, value);
    }
    if (element.tagName === 'text') element.setAttribute('font-family', 'Inter, system-ui, sans-serif');
    element.setAttribute('color', looks.color);
    for (const name of ['class', 'role', 'tabindex', 'aria-label', 'aria-pressed', 'data-node'])
      element.removeAttribute(name);
  }
  const ground = getComputedStyle(document.body).backgroundColor;
  for (const use of copy.querySelectorAll('use')) use.replaceWith(drawingOf(use, ground));
  copy.querySelector('g')?.setAttribute('transform', `translate(${MARGIN} ${MARGIN + HEAD})`);
  const width = size.width + 2 * MARGIN;
  const height = size.height + HEAD + 2 * MARGIN;
  for (const [name, value] of Object.entries({
    xmlns: SVG,
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
  }))
    copy.setAttribute(name, String(value));
  copy.removeAttribute('class');
  copy.removeAttribute('data-testid');
  const paper = document.createElementNS(SVG, 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: ground }))
    paper.setAttribute(name, value);
  copy.prepend(paper);
  return new XMLSerializer().serializeToString(copy);
}

/** The drawing that a `use` refers to, in its place. */
function drawingOf(use: SVGUseElement, ground: string): SVGSVGElement {
  const symbol = document.querySelector(use.getAttribute('href') ?? '#none');
  const drawing = document.createElementNS(SVG, 'svg');
  for (const name of ['x', 'y', 'width', 'height', 'fill', 'stroke', 'stroke-width', 'color'])
    if (use.hasAttribute(name)) drawing.setAttribute(name, use.getAttribute(name) as string);
  drawing.setAttribute('viewBox', symbol?.getAttribute('viewBox') ?? '0 0 16 16');
  for (const child of symbol?.children ?? []) {
    const part = child.cloneNode(true) as Element;
    for (const name of ['fill', 'stroke'])
      if (part.getAttribute(name)?.startsWith('var(')) part.setAttribute(name, ground);
    drawing.append(part);
  }
  return drawing;
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function saveSvg(text: string, name: string): void {
  save(new Blob([text], { type: 'image/svg+xml' }), `${name}.svg`);
}

/** Draws the file as a browser shows it, twice as large, and saves that. */
export async function savePng(text: string, name: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * DENSITY;
  canvas.height = image.naturalHeight * DENSITY;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob !== null) save(blob, `${name}.png`);
}
