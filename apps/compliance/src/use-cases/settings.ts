import type { AccountId } from '@heed/phone'
import { type Caller, DomainError } from '@heed/rpc'
import type { Clock } from '@heed/service'
import { namesKeyword } from '@heed/wording'
import { defaultSettings } from '../domain/default-settings.ts'
import type { Settings } from '../schemas/accounts.ts'
import type { AccountStore } from '../store/accounts.ts'
import type { HeadStore } from '../store/heads.ts'
import type { SettingsStore } from '../store/settings.ts'

const rememberedMs = 1_000
const rememberedMax = 10_000

type Given<T> = { [Key in keyof T]?: T[Key] | undefined }

export function settingsUseCases(deps: {
  accounts: Pick<AccountStore, 'find'>
  settings: SettingsStore
  heads: Pick<HeadStore, 'setPolicy'>
  clock: Clock
}) {
  const read = async (accountId: AccountId) => {
    const [account, latest] = await Promise.all([
      deps.accounts.find(accountId),
      deps.settings.latest(accountId),
    ])
    if (!account) throw new DomainError('unknown-account')
    const settings: Settings = { ...defaultSettings(account.name), ...latest?.settings }
    return { version: latest?.version ?? 0, settings }
  }
  const remembered = new Map<string, { until: number; settings: Promise<Settings> }>()
  /** Up to which version an account's policy is known to bind: services ask for settings all the time. */
  const bound = new Map<string, number>()
  const bind = async (accountId: AccountId, { policy }: Settings, version: number) => {
    if ((bound.get(accountId) ?? 0) >= version) return
    await deps.heads.setPolicy(accountId, policy, version)
    if (bound.size >= rememberedMax) bound.clear()
    bound.set(accountId, version)
  }
  return {
    read,

    /** As they stand, and the policy binds: whoever sees it here may rely on it, also where its `set` was interrupted. */
    async get(accountId: AccountId) {
      const standing = await read(accountId)
      await bind(accountId, standing.settings, standing.version)
      return standing
    },

    /** The settings as they stood at most a second ago: for the wording of replies, never for a decision. */
    recent(accountId: AccountId): Promise<Settings> {
      const now = deps.clock.monoMs()
      const known = remembered.get(accountId)
      if (known && now < known.until) return known.settings
      if (remembered.size >= rememberedMax) remembered.clear()
      const settings = read(accountId).then((standing) => standing.settings)
      settings.catch(() => remembered.delete(accountId))
      remembered.set(accountId, { until: now + rememberedMs, settings })
      return settings
    },

    async set(
      caller: Caller,
      input: { accountId: AccountId; basisVersion?: number | undefined; settings: Given<Settings> },
    ) {
      const { accountId, basisVersion } = input
      const standing = await read(accountId)
      if (basisVersion !== undefined && basisVersion !== standing.version)
        throw new DomainError('version-conflict')
      const settings = { ...standing.settings, ...given(input.settings) }
      requireKeyword(settings)
      const version = standing.version + 1
      const change = { settings, at: new Date(deps.clock.now()), by: caller.keyId }
      if (!(await deps.settings.add(accountId, version, change))) throw new DomainError('version-conflict')
      remembered.delete(accountId)
      await bind(accountId, settings, version)
      return { version }
    },
  }
}
export type SettingsUseCases = ReturnType<typeof settingsUseCases>

function given(settings: Given<Settings>): Partial<Settings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

/** An instruction that names no keyword the account hears would tell people to say what nobody reads. */
function requireKeyword({ optOutInstruction, keywords }: Settings): void {
  const wordings = [optOutInstruction.broadcast, optOutInstruction.sequence]
  if (!wordings.every((wording) => namesKeyword(wording, { optOut: keywords.optOut }))) {
    throw new DomainError('wording-names-no-keyword')
  }
}
