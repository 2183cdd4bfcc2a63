import type { ReportFormat } from '#domain/ports/report-format.ts';
import { asff } from './asff/asff.ts';
import { awsCli } from './aws-cli/aws-cli.ts';
import { awsConfig } from './aws-config/aws-config.ts';
import { awsGuardDuty } from './aws-guardduty/aws-guardduty.ts';
import { awsInspector2 } from './aws-inspector2/aws-inspector2.ts';
import { awsMacie } from './aws-macie/aws-macie.ts';
import { awsWaf } from './aws-waf/aws-waf.ts';
import { azureAttackPaths } from './azure-attack-paths/azure-attack-paths.ts';
import { azureDefender } from './azure-defender/azure-defender.ts';
import { azureResourceGraph } from './azure-resource-graph/azure-resource-graph.ts';
import { backstage } from './backstage/backstage.ts';
import { bandit } from './bandit/bandit.ts';
import { burp } from './burp/burp.ts';
import { checkov } from './checkov/checkov.ts';
import { cloudsplaining } from './cloudsplaining/cloudsplaining.ts';
import { cloudsploit } from './cloudsploit/cloudsploit.ts';
import { cloudtrail } from './cloudtrail/cloudtrail.ts';
import { codeowners } from './codeowners/codeowners.ts';
import { compass } from './compass/compass.ts';
import { cortex } from './cortex/cortex.ts';
import { csaf } from './csaf/csaf.ts';
import { cyclonedx } from './cyclonedx/cyclonedx.ts';
import { datadogApi } from './datadog-api/datadog-api.ts';
import { datadogService } from './datadog-service/datadog-service.ts';
import { defectDojo } from './defectdojo/defectdojo.ts';
import { dependencyTrack } from './dependency-track/dependency-track.ts';
import { detectSecrets } from './detect-secrets/detect-secrets.ts';
import { falco } from './falco/falco.ts';
import { gcpArtifactAnalysis } from './gcp-artifact-analysis/gcp-artifact-analysis.ts';
import { gcpAssetInventory } from './gcp-asset-inventory/gcp-asset-inventory.ts';
import { gcpDlp } from './gcp-dlp/gcp-dlp.ts';
import { gcpScc } from './gcp-scc/gcp-scc.ts';
import { generic } from './generic/generic.ts';
import { gitLog } from './git-log/git-log.ts';
import { githubCodeScanning } from './github-code-scanning/github-code-scanning.ts';
import { githubDependabot } from './github-dependabot/github-dependabot.ts';
import { githubSecretScanning } from './github-secret-scanning/github-secret-scanning.ts';
import { gitlab } from './gitlab/gitlab.ts';
import { gitleaks } from './gitleaks/gitleaks.ts';
import { gosec } from './gosec/gosec.ts';
import { govulncheck } from './govulncheck/govulncheck.ts';
import { grype } from './grype/grype.ts';
import { k8sAudit } from './k8s-audit/k8s-audit.ts';
import { kics } from './kics/kics.ts';
import { kubeBench } from './kube-bench/kube-bench.ts';
import { kubeHunter } from './kube-hunter/kube-hunter.ts';
import { kubeLinter } from './kube-linter/kube-linter.ts';
import { kubeaudit } from './kubeaudit/kubeaudit.ts';
import { kubernetes } from './kubernetes/kubernetes.ts';
import { kubescape } from './kubescape/kubescape.ts';
import { modsecurity } from './modsecurity/modsecurity.ts';
import { msDefender } from './ms-defender/ms-defender.ts';
import { msPurview } from './ms-purview/ms-purview.ts';
import { nessus } from './nessus/nessus.ts';
import { nmap } from './nmap/nmap.ts';
import { npmAudit } from './npm-audit/npm-audit.ts';
import { nuclei } from './nuclei/nuclei.ts';
import { ocsf } from './ocsf/ocsf.ts';
import { openreports } from './openreports/openreports.ts';
import { openvas } from './openvas/openvas.ts';
import { openvex } from './openvex/openvex.ts';
import { opsgenie } from './opsgenie/opsgenie.ts';
import { opslevel } from './opslevel/opslevel.ts';
import { orca } from './orca/orca.ts';
import { osvScanner } from './osv-scanner/osv-scanner.ts';
import { pagerduty } from './pagerduty/pagerduty.ts';
import { pipAudit } from './pip-audit/pip-audit.ts';
import { pnpmAudit } from './pnpm-audit/pnpm-audit.ts';
import { polaris } from './polaris/polaris.ts';
import { port } from './port/port.ts';
import { prowler } from './prowler/prowler.ts';
import { qualys } from './qualys/qualys.ts';
import { sarif } from './sarif/sarif.ts';
import { scoutsuite } from './scoutsuite/scoutsuite.ts';
import { semgrep } from './semgrep/semgrep.ts';
import { snyk } from './snyk/snyk.ts';
import { snykIssueApi } from './snyk-issue-api/snyk-issue-api.ts';
import { spdx } from './spdx/spdx.ts';
import { suricata } from './suricata/suricata.ts';
import { terraform } from './terraform/terraform.ts';
import { terrascan } from './terrascan/terrascan.ts';
import { tfsec } from './tfsec/tfsec.ts';
import { threatmapper } from './threatmapper/threatmapper.ts';
import { trivy } from './trivy/trivy.ts';
import { trivyOperator } from './trivy-operator/trivy-operator.ts';
import { trufflehog } from './trufflehog/trufflehog.ts';
import { wazuh } from './wazuh/wazuh.ts';
import { wiz } from './wiz/wiz.ts';
import { yarnAudit } from './yarn-audit/yarn-audit.ts';
import { zap } from './zap/zap.ts';

/** Every format that can be read, alphabetical. A house test holds this list equal to the folders. */
export const FORMATS: readonly ReportFormat[] = [
  asff,
  awsCli,
  awsConfig,
  awsGuardDuty,
  awsInspector2,
  awsMacie,
  awsWaf,
  azureAttackPaths,
  azureDefender,
  azureResourceGraph,
  backstage,
  bandit,
  burp,
  checkov,
  cloudsplaining,
  cloudsploit,
  cloudtrail,
  codeowners,
  compass,
  cortex,
  csaf,
  cyclonedx,
  datadogApi,
  datadogService,
  defectDojo,
  dependencyTrack,
  detectSecrets,
  falco,
  gcpArtifactAnalysis,
  gcpAssetInventory,
  gcpDlp,
  gcpScc,
  generic,
  gitLog,
  githubCodeScanning,
  githubDependabot,
  githubSecretScanning,
  gitlab,
  gitleaks,
  gosec,
  govulncheck,
  grype,
  k8sAudit,
  kics,
  kubeBench,
  kubeHunter,
  kubeLinter,
  kubeaudit,
  kubernetes,
  kubescape,
  modsecurity,
  msDefender,
  msPurview,
  nessus,
  nmap,
  npmAudit,
  nuclei,
  ocsf,
  openreports,
  openvas,
  openvex,
  opsgenie,
  opslevel,
  orca,
  osvScanner,
  pagerduty,
  pipAudit,
  pnpmAudit,
  polaris,
  port,
  prowler,
  qualys,
  sarif,
  scoutsuite,
  semgrep,
  snyk,
  snykIssueApi,
  spdx,
  suricata,
  terraform,
  terrascan,
  tfsec,
  threatmapper,
  trivy,
  trivyOperator,
  trufflehog,
  wazuh,
  wiz,
  yarnAudit,
  zap,
];
