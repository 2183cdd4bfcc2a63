-- Whether who may change the control plane, and no more than that (P4), counts as privileged.

alter table organisation add column privileged_access text not null default 'P0-P3'
  constraint organisation_privileged_access_check check (privileged_access in ('P0-P3', 'P0-P4'));
