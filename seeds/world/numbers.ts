import type { ClientBase } from 'pg'
import type { World } from './load.ts'

/** The yearly series of one organisme: numbers without gap or double, going on from those that the demo has given. */
export interface Numbers {
  next(serie: string, annee: number): number
  /** Writes where each series stands, so that the portal goes on from there. */
  save(world: World): Promise<void>
}

export async function numbersOf(client: ClientBase, organismeId: string): Promise<Numbers> {
  const { rows } = await client.query<{ nom: string; annee: number; dernier: number }>(
    `select nom, annee, dernier from series where organisme_id = $1
     union all select 'transferts', annee, max(numero) from transferts where organisme_id = $1 group by annee`,
    [organismeId],
  )
  const last = new Map(rows.map((row) => [`${row.nom} ${row.annee}`, row.dernier]))
  return {
    next(serie, annee) {
      const key = `${serie} ${annee}`
      const number = (last.get(key) ?? 0) + 1
      last.set(key, number)
      return number
    },
    async save(world) {
      await world.write.flush()
      for (const [key, dernier] of last) {
        const [nom = '', annee = ''] = key.split(' ')
        if (nom === 'transferts') continue // numbered by the highest row, not by a series
        await world.client.query(
          `insert into series (organisme_id, nom, annee, dernier) values ($1, $2, $3, $4)
           on conflict (organisme_id, nom, annee) do update set dernier = excluded.dernier`,
          [organismeId, nom, Number(annee), dernier],
        )
      }
    },
  }
}
