import { describe, expect, it } from 'vitest';
import type { Actor } from '../../schemas/index.ts';
import { latestRevision } from '../resources/integration.ts';
import type { ConfigState } from '../state.ts';
import {
  acceptInvitation,
  type CommandOptions,
  change,
  createToken,
  given,
  installIntegration,
  inviteUser,
  rejectionOf,
  when,
} from '../testing/given.ts';

const actor = (kind: Actor['kind'], id: string): Actor => ({ kind, id, name: null, ip: null });
const ADA = actor('user', 'usr_ada');
const BOB = actor('user', 'usr_bob');
const ADAS_TOKEN = actor('token', 'tok_ada');
const NOBODYS_TOKEN = actor('token', 'tok_system');

const PEOPLE = [
  installIntegration('int_a'),
  inviteUser('usr_ada', { role: 'owner' }),
  acceptInvitation('usr_ada'),
  inviteUser('usr_bob'),
  acceptInvitation('usr_bob'),
  { ...createToken('tok_ada'), actor: ADA },
  { ...createToken('tok_system', { tokenHash: 'cd'.repeat(32) }), actor: actor('system', 'system') },
] as const;

const by = (who: Actor, options: CommandOptions): CommandOptions => ({ ...options, actor: who });
const draft = (revision: number | null = null, settings = '{"url":"https://b.example"}') =>
  change('int_a', {
    'signal.config.DraftRevision': { revision, variant: 'retail', settings, summary: 'Why.' },
  });
const submit = (revision = 2) => change('int_a', { 'signal.config.SubmitRevision': { revision } });
const approve = (revision = 2) => change('int_a', { 'signal.config.ApproveRevision': { revision } });
const publish = (revision = 2) => change('int_a', { 'signal.config.PublishRevision': { revision } });
const requireApproval = change('settings', {
  'signal.config.UpdateSettings': {
    changeReasonRequired: null,
    approvalRequired: true,
    deduplicationHours: null,
    requestsPerMinute: null,
  },
});

const integration = (state: ConfigState) => state.integrations.get('int_a')!;
const revision = (state: ConfigState, number = 2) => integration(state).revisions[number - 1];

describe('a revision', () => {
  it('is drafted, submitted, approved and published', () => {
    const steps = [by(ADA, draft()), by(ADA, submit()), by(BOB, approve()), by(ADA, publish())];
    const statuses = steps.map((_, i) => revision(given(...PEOPLE, ...steps.slice(0, i + 1)).state)?.status);
    expect(statuses).toEqual(['draft', 'submitted', 'approved', 'published']);
    const { state } = given(...PEOPLE, ...steps);
    expect(revision(state)).toMatchObject({
      variant: 'retail',
      summary: 'Why.',
      authors: ['usr_ada'],
      approver: 'usr_bob',
      publishedAt: 1_700_000_000_000,
    });
    expect(latestRevision(integration(state))?.number).toBe(2);
  });

  it('may be published at once where no approval is required', () => {
    expect(revision(given(...PEOPLE, draft(), publish()).state)?.status).toBe('published');
  });

  it('is used only once it is published', () => {
    expect(latestRevision(integration(given(...PEOPLE, draft()).state))?.number).toBe(1);
  });

  it('never changes once published', () => {
    const { state } = given(...PEOPLE, draft(), publish());
    for (const options of [draft(2), draft(1), submit(), approve(), publish()])
      expect(rejectionOf(state, options).code).toBe('REVISION_PUBLISHED');
    expect(when(state, draft())).toHaveProperty('events');
  });

  it('drafted again is a draft again, under its number, and its authors are remembered', () => {
    const again = by(BOB, draft(2, '{"url":"https://c.example"}'));
    const { state } = given(...PEOPLE, by(ADA, draft()), submit(), by(BOB, approve()), again);
    expect(revision(state)).toMatchObject({
      status: 'draft',
      settings: { url: 'https://c.example' },
      authors: ['usr_ada', 'usr_bob'],
      approver: null,
    });
    expect(integration(state).revisions).toHaveLength(2);
  });

  it.each([
    ['settings at fault', draft(null, '{}'), 'MISSING_SETTING'],
    ['a number there is not', draft(3), 'REVISION_NOT_FOUND'],
    ['to submit one there is not', submit(0), 'REVISION_NOT_FOUND'],
    ['to approve what was not submitted', approve(), 'REVISION_NOT_SUBMITTED'],
  ])('is refused with %s', (_, options, code) => {
    expect(rejectionOf(given(...PEOPLE, draft()).state, options).code).toBe(code);
  });

  it('is submitted once', () => {
    expect(rejectionOf(given(...PEOPLE, draft(), submit()).state, submit()).code).toBe('REVISION_NOT_DRAFT');
  });
});

describe("a second person's approval, where it is required,", () => {
  const submitted = [...PEOPLE, requireApproval, by(ADA, draft()), by(ADA, submit())];

  it('must come before publishing', () => {
    expect(rejectionOf(given(...submitted).state, by(BOB, publish())).code).toBe('APPROVAL_REQUIRED');
    expect(when(given(...submitted, by(BOB, approve())).state, by(ADA, publish()))).toHaveProperty('events');
  });

  it.each([
    ['the author', ADA],
    ["the author's token", ADAS_TOKEN],
    ['a token that is nobody’s', NOBODYS_TOKEN],
    ['a user there is not', actor('user', 'usr_x')],
  ])('is not that of %s', (_, who) => {
    expect(rejectionOf(given(...submitted).state, by(who, approve())).code).toBe('NO_SECOND_PERSON');
  });

  it('is not that of who drafted it by a token', () => {
    const { state } = given(...PEOPLE, requireApproval, by(ADAS_TOKEN, draft()), submit());
    expect(rejectionOf(state, by(ADA, approve())).code).toBe('NO_SECOND_PERSON');
    expect(when(state, by(BOB, approve()))).toHaveProperty('events');
  });

  it('is not that of a token that says it made itself', () => {
    const self = actor('token', 'tok_self');
    const made = by(self, createToken('tok_self', { tokenHash: 'ef'.repeat(32) }));
    expect(rejectionOf(given(...submitted, made).state, by(self, approve())).code).toBe('NO_SECOND_PERSON');
  });

  it('is asked for again when it was given by the author, before it was required', () => {
    const history = [...PEOPLE, by(ADA, draft()), submit(), by(ADA, approve()), requireApproval];
    const { state } = given(...history);
    expect(rejectionOf(state, publish()).code).toBe('NO_SECOND_PERSON');
    expect(when(given(...history, by(BOB, approve())).state, publish())).toHaveProperty('events');
  });
});
