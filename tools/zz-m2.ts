import { PathModel } from '../src/domain/attackpath/derive-paths.ts';
import { changedPaths } from '../src/domain/attackpath/what-if.ts';
import { pathEstate } from './bench/path-estate.ts';
for (const n of [1000, 2000, 2000, 3000, 4000, 5000, 7000, 10000]) {
  const facts = pathEstate({ nodes: n, edges: 5 * n, kind: 'dense' });
  const c0 = process.threadCpuUsage();
  const model = new PathModel(facts);
  const { paths, notes } = model.derive();
  const c1 = process.threadCpuUsage(c0);
  const gates = [...new Set(paths.flatMap(({ fixes }) => fixes.map(({ id }) => id)))].slice(0, 60);
  for (const g of gates) changedPaths(model, model.outlines().paths, model.outlines([g]).paths);
  const fresh = new PathModel(facts); fresh.derive();
  const times = gates.map((g) => { const a = performance.now(); changedPaths(fresh, fresh.outlines().paths, fresh.outlines([g]).paths); return performance.now() - a; }).sort((a, b) => b - a);
  console.log(n, 'size', JSON.stringify((globalThis as any).told), 'paths', paths.length, 'issues in', (c1.user + c1.system) / 1000, notes.join(' '), 'what-if', times.slice(0, 4).map((t) => t.toFixed(1)).join(' '), 'median', (times[times.length >> 1] as number).toFixed(1));
}
