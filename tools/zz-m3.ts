import { PathModel } from '../src/domain/attackpath/derive-paths.ts';
import { changedPaths } from '../src/domain/attackpath/what-if.ts';
import { pathEstate } from './bench/path-estate.ts';
const n = Number(process.argv[2]);
const facts = pathEstate({ nodes: n, edges: 5 * n, kind: 'dense' });
const model = new PathModel(facts);
const { paths } = model.derive();
const gates = [...new Set(paths.flatMap(({ fixes }) => fixes.map(({ id }) => id)))].slice(0, 60);
const times = gates.map((g) => { const a = performance.now(); changedPaths(model, model.outlines().paths, model.outlines([g]).paths); return [performance.now() - a, g] as const; }).sort((a, b) => b[0] - a[0]);
const big = (times[0] as any)[1] as string;
const out: string[] = [];
for (let i = 0; i < 12; i++) { const m = new PathModel(facts); m.outlines(); const a = performance.now(); changedPaths(m, m.outlines().paths, m.outlines([big]).paths); out.push((performance.now() - a).toFixed(0)); }
console.log(big, out.join(' '));
