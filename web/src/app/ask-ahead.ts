import { askAhead } from '../shared/answers-ahead.ts';
import { firstPaths } from './first-paths.ts';

// A script of its own that runs before the others have arrived: what the first screen shows is then on its way.
for (const path of firstPaths(location)) askAhead(path);
