/** `kubectl certificate approve|deny`: the condition of certificate signing requests (upstream: kubectl/pkg/cmd/certificates). */
import { rfc3339 } from '../../base/clock.ts';
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, throwAll } from '../failure.ts';
import { bool } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { createAnswer } from '../print/output.ts';
import { fileFlags, outputFlags } from '../session.ts';
import { findObjects } from '../targets.ts';
import { listAt, put, textAt, type Thing } from '../thing.ts';
import type { Verb, VerbRow } from '../verb.ts';

const attempts = 10;

const verdict = (word: 'approve' | 'deny', type: 'Approved' | 'Denied', did: string): Verb => ({
  usage: `certificate ${word} (-f FILENAME | NAME)`,
  summary: `${word === 'approve' ? 'Approve' : 'Deny'} a certificate signing request`,
  flags: { ...fileFlags, ...outputFlags, force: bool('Update the CSR even if it is already approved.') },
  async run(s) {
    const answer = createAnswer(s);
    if (s.flags.args.length === 0 && s.flags.list('filename').length === 0 && !s.flags.text('kustomize'))
      throw new CommandError('one or more CSRs must be specified as <name> or -f <filename>');
    const errors: unknown[] = [];
    for (const f of await findObjects(s, { defaultType: 'certificatesigningrequests', errors }))
      for (let i = 0; ; i++)
        try {
          const path = pathOf(f.mapping, undefined, f.name);
          const now = i === 0 ? f.object : await s.api.json<Thing>('GET', path);
          const have = listAt(now, 'status', 'conditions');
          const types = have.map((c) => textAt(c, 'type'));
          const other = type === 'Approved' ? 'Denied' : 'Approved';
          if (types.includes(other))
            throw new CommandError(`certificate signing request ${JSON.stringify(f.name)} is already ${other}`);
          if (!types.includes(type) || s.flags.bool('force')) {
            const condition = {
              lastUpdateTime: rfc3339(s.io.clock.now()),
              message: `This CSR was ${did} by kubectl certificate ${word}.`,
              reason: `Kubectl${word === 'approve' ? 'Approve' : 'Deny'}`,
              status: 'True',
              type,
            };
            const conditions = types.includes(type)
              ? have.map((c) => (textAt(c, 'type') === type ? condition : c))
              : [...have, condition];
            await s.api.json('PUT', pathOf(f.mapping, undefined, f.name, 'approval'), {
              body: put(now, ['status', 'conditions'], conditions),
            });
          }
          answer(f.mapping, now, did);
          break;
        } catch (e) {
          if (e instanceof StatusError && e.reason === 'Conflict' && i < attempts) continue;
          errors.push(e);
          break;
        }
    throwAll(errors);
  },
});

const approve = verdict('approve', 'Approved', 'approved');
const deny = verdict('deny', 'Denied', 'denied');
export const certificateRows: readonly VerbRow[] = [
  { name: 'approve', summary: approve.summary, load: async () => approve },
  { name: 'deny', summary: deny.summary, load: async () => deny },
];
