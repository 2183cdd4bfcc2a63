import type { Labels, Selector } from './kubernetes-facts.ts';

/** Labels that controllers put on pods, another value with every rollout or pod. */
const GENERATED_LABELS = new Set([
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'controller-uid',
  'job-name',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/job-completion-index',
]);

export function withoutGeneratedLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !GENERATED_LABELS.has(key)));
}

/** Whether a label selector selects an object with these labels (Kubernetes' own rules; an unknown operator selects nothing). */
export function selects(selector: Selector, labels: Labels): boolean {
  return selectsLabels(selector.labels, labels) && selector.expressions.every((each) => holds(each, labels));
}

/** Whether every wanted label is there with that value. Without wanted labels it holds. */
function selectsLabels(wanted: Labels, labels: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/**
 * Whether a service's selector selects pods of a workload, whose labels are known without the generated ones: a
 * generated label that names the workload's pod or job counts as met, one that is a hash as possible.
 */
export function selectsPods(wanted: Labels, workload: string, labels: Labels): boolean {
  if (Object.keys(wanted).length === 0) return false;
  if (!selectsLabels(withoutGeneratedLabels(wanted), labels)) return false;
  const pod =
    wanted['statefulset.kubernetes.io/pod-name'] ??
    wanted['batch.kubernetes.io/job-name'] ??
    wanted['job-name'];
  return pod === undefined || pod === workload || pod.startsWith(`${workload}-`);
}

function holds(expression: Selector['expressions'][number], labels: Labels): boolean {
  const { key, operator, values } = expression;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
