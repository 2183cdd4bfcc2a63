import type { Page } from 'playwright-core';

export interface Walk {
  readonly name: string;
  readonly rows: number;
  readonly pictures: number;
  /** Pictures that came later than two of a screen of 60 Hz. */
  readonly late: number;
  /** The most pictures one after the other where a row was missing at the top, in the middle or at the foot of the window. */
  readonly withoutRows: number;
}

/** How each walk goes on, as the code of one step, and how long it goes on; in milliseconds. */
const WALKS: readonly (readonly [name: string, step: string, forMs: number])[] = [
  ['a wheel, 3 rows a picture for 10 s', 'box.scrollTop += 120', 10_000],
  ['a fast wheel, 12 rows a picture for 5 s', 'box.scrollTop += 480', 5_000],
  [
    'Page Down held, a window each 3 pictures for 5 s',
    'if (pictures % 3 === 0) box.scrollTop += box.clientHeight',
    5_000,
  ],
];

/** Walks down the whole list, each time from its top. */
export async function walkDown(page: Page): Promise<readonly Walk[]> {
  const walks: Walk[] = [];
  for (const [name, step, forMs] of WALKS) {
    await page.goto('/?all=true');
    await page.getByTestId('issue-row').first().waitFor();
    const seen = await page.evaluate(`new Promise((tell) => {
      const box = document.querySelector('.list .scroll');
      const head = box.querySelector('[role="row"]').getBoundingClientRect().height;
      const isThere = (y) => document.elementFromPoint(box.getBoundingClientRect().left + 200, y)?.closest('[data-testid="issue-row"]') != null;
      let pictures = 0; let late = 0; let missing = 0; let withoutRows = 0;
      let before = performance.now(); const begun = before;
      const look = (now) => {
        pictures++;
        if (now - before > 34) late++;
        before = now;
        const { top, bottom } = box.getBoundingClientRect();
        missing = box.scrollTop < 800 || [top + head + 20, (top + bottom) / 2, bottom - 20].every(isThere) ? 0 : missing + 1;
        withoutRows = Math.max(withoutRows, missing);
        ${step};
        if (now - begun < ${forMs}) requestAnimationFrame(look);
        else tell({ rows: Math.round(box.scrollTop / 40), pictures, late, withoutRows });
      };
      requestAnimationFrame(look);
    })`);
    walks.push({ name, ...(seen as Omit<Walk, 'name'>) });
  }
  return walks;
}
