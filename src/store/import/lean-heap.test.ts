import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** How often all of the heap is collected while a program replaces what it keeps ten times over. */
function collections(wrap: string): number {
  const program = `
    import { PerformanceObserver, constants } from 'node:perf_hooks';
    import { keepHeapLean } from ${JSON.stringify(new URL('./lean-heap.ts', import.meta.url).href)};
    let count = 0;
    new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) count += 1;
    }).observe({ entryTypes: ['gc'] });
    const othersTurn = () => new Promise((resolve) => setImmediate(resolve));
    async function work() {
      const kept = [];
      for (let index = 0; index < 2_000_000; index++) {
        kept[index % 200_000] = { index, text: 'x' + index, list: [index] };
        if (index % 100_000 === 0) await othersTurn();
      }
    }
    ${wrap}
    await othersTurn();
    console.log(count);`;
  const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8', '--input-type=module'];
  return Number(execFileSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' }));
}

test('a heap is collected more often while somebody keeps it lean, and not beyond', () => {
  const usual = collections('await work();');
  expect(collections('keepHeapLean(); keepHeapLean().letGrow(); await work();')).toBeGreaterThan(usual);
  const allLetGrow =
    'const a = keepHeapLean(); const b = keepHeapLean(); a.letGrow(); a.letGrow(); b.letGrow();';
  const lean = collections('keepHeapLean(); await work();');
  expect(collections(`${allLetGrow} await work();`)).toBeLessThan(lean);
  expect(
    collections('const a = keepHeapLean(); keepHeapLean(); a.letGrow(); a.letGrow(); await work();'),
  ).toBeGreaterThan(usual);
});
