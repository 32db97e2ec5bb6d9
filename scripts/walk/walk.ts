import {
  everyKind,
  instructions,
  keywords,
  type Point,
  type Say,
  thisAccountAlone,
} from './opt-out-points.ts'
import { byHand, filters, tags } from './people-points.ts'
import type { World } from './world.ts'

/** The eight points of what an operator was promised, each tried from outside. */
export const points: readonly { readonly title: string; readonly point: Point }[] = [
  { title: '1. An opt-out prevents all future texts of the account', point: everyKind },
  {
    title: "2. It is this account's alone, and other kinds of blocking stand apart",
    point: thisAccountAlone,
  },
  {
    title: '3. Broadcasts and sequences carry instructions, whose wording can be configured',
    point: instructions,
  },
  { title: '4. The keywords opt out and in', point: keywords },
  { title: '5. By hand: the tick box "SMS opt-out"', point: byHand },
  { title: '6. Tags keep certain kinds of texts from people', point: tags },
  {
    title: '7 and 8. Contacts filter by DNC and opt-out, and the filter saved stays current',
    point: filters,
  },
]

/** Resolves when every point held; rejects with what did not. */
export async function walk(
  world: World,
  told: { heading: (title: string) => void; say: Say },
): Promise<void> {
  for (const { title, point } of points) {
    told.heading(title)
    await point(world, told.say)
  }
}
