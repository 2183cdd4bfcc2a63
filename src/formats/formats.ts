import type { ReportFormat } from '#domain/ports/report-format.ts';
import { asff } from './asff/asff.ts';
import { awsCli } from './aws-cli/aws-cli.ts';
import { awsConfig } from './aws-config/aws-config.ts';
import { awsGuardDuty } from './aws-guardduty/aws-guardduty.ts';
import { azureResourceGraph } from './azure-resource-graph/azure-resource-graph.ts';
import { cyclonedx } from './cyclonedx/cyclonedx.ts';
import { falco } from './falco/falco.ts';
import { gcpAssetInventory } from './gcp-asset-inventory/gcp-asset-inventory.ts';
import { grype } from './grype/grype.ts';
import { kubernetes } from './kubernetes/kubernetes.ts';
import { ocsf } from './ocsf/ocsf.ts';
import { sarif } from './sarif/sarif.ts';
import { trivy } from './trivy/trivy.ts';

/** Every format that can be read, alphabetical. A house test holds this list equal to the folders. */
export const FORMATS: readonly ReportFormat[] = [
  asff,
  awsCli,
  awsConfig,
  awsGuardDuty,
  azureResourceGraph,
  cyclonedx,
  falco,
  gcpAssetInventory,
  grype,
  kubernetes,
  ocsf,
  sarif,
  trivy,
];
