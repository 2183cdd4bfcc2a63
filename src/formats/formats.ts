import type { ReportFormat } from '#domain/ports/report-format.ts';
import { kubernetes } from './kubernetes/kubernetes.ts';
import { trivy } from './trivy/trivy.ts';

/** Every format that can be read, alphabetical. A house test holds this list equal to the folders. */
export const FORMATS: readonly ReportFormat[] = [kubernetes, trivy];
