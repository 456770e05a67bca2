import { expect } from 'vitest'
import type { Portal, Visitor } from '../../support/portal.ts'
import { runTravail } from '../../support/travail.ts'

/** Of the page of the columns: what each select has chosen. */
export function chosenColumns(html: string): Record<string, string> {
  const selects = html.matchAll(/<select[^>]* name="(col_\d+)"[\s\S]*?<\/select>/g)
  return Object.fromEntries(
    [...selects].map(([select, name]) => [
      name!,
      /<option value="([^"]*)" selected>/.exec(select)?.[1] ?? '',
    ]),
  )
}

export interface Essai {
  id: string
  path: string
  /** What the row of the import says after the trial. */
  comptes: Record<string, number>
  etat: string
  erreur: string
}

export class Journey {
  private readonly portal: Portal
  private readonly who: Visitor
  private readonly organisme: string

  constructor(portal: Portal, who: Visitor, organisme = 'estuaire') {
    this.portal = portal
    this.who = who
    this.organisme = organisme
  }

  async depose(genre: string, content: Buffer | string, name = 'fichier.csv'): Promise<string> {
    const answer = await this.who.upload('/gestion/imports', { genre }, [{ field: 'fichier', name, content }])
    expect([answer.status, answer.text]).toEqual([303, expect.anything()])
    return String(answer.headers.location)
  }

  /** The trial, with the columns that the page proposes and those given here. */
  async essaie(path: string, choix: Record<string, string> = {}): Promise<Essai> {
    const page = await this.who.get(path)
    const answer = await this.who.post(`${path}/colonnes`, { ...chosenColumns(page.text), ...choix })
    expect([answer.status, answer.text]).toEqual([303, expect.anything()])
    return this.follow(path)
  }

  /** Runs what works for this import, until nothing does. */
  async follow(path: string): Promise<Essai> {
    const id = path.split('/').at(-1)!
    for (;;) {
      const row = await this.row(id)
      if (row.etat !== 'essai' && row.etat !== 'application') return { id, path, ...row }
      // To its end, the traces of an import that is applied included.
      const travail = await runTravail(this.portal, this.organisme, row.travail_id)
      if (travail.etat === 'echoue') return { id, path, ...row, erreur: travail.erreur }
      expect(travail.etat).toBe('termine')
    }
  }

  async row(id: string) {
    const { rows } = await this.portal.owner.query<{
      etat: string
      comptes: Record<string, number>
      travail_id: string
      erreur: string
    }>(`select etat, comptes, travail_id, '' as erreur from imports where id = $1`, [id])
    return rows[0]!
  }

  async confirme(essai: Essai, form: Record<string, string> = {}): Promise<Essai> {
    const answer = await this.who.post(`${essai.path}/confirmation`, form)
    expect([answer.status, answer.text]).toEqual([303, expect.anything()])
    return this.follow(essai.path)
  }

  async essaieTout(genre: string, content: Buffer | string, name?: string): Promise<Essai> {
    return this.essaie(await this.depose(genre, content, name))
  }

  /** From the file to the report. */
  async importe(genre: string, content: Buffer | string, name?: string): Promise<Essai> {
    return this.confirme(await this.essaieTout(genre, content, name))
  }
}
