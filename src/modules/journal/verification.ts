import { defineTravail } from '../../kernel/travaux/travail.ts'
import { readTete, ruptureEntre } from './queries.ts'

export const GENRE = 'journal.verification'

/** Rows hashed again in one statement: a second or so. */
const PAR_LOT = 20_000

export const MOTIFS: Record<string, string> = {
  numero: 'il manque une ligne juste avant elle',
  precedente: 'elle ne suit pas la ligne qui la précède',
  empreinte: 'son contenu a été modifié',
}

/** Follows the chain of the journal from its first row to the one that is the last when it begins. */
defineTravail<Record<string, never>, { jusque: number; tete: number; empreinte: string }>(GENRE, {
  libelle: 'Vérification du journal',
  can: 'gestion.journal.read',
  async batch(travail, ctx) {
    const tete = await ctx.transaction(readTete)
    const last = travail.curseur.tete ?? tete?.numero ?? 0
    const empreinte = travail.curseur.empreinte ?? tete?.empreinte ?? ''
    const from = travail.curseur.jusque ?? 0
    const to = Math.min(from + PAR_LOT, last)
    const rupture = await ctx.transaction((db) => ruptureEntre(db, from, to))
    return async () => ({
      fait: rupture ? rupture.numero : to,
      total: last,
      etape: rupture ? 'Rupture trouvée' : to >= last ? 'Journal vérifié' : 'Lecture du journal',
      curseur: { jusque: to, tete: last, empreinte },
      rapport: rupture ? { rupture: rupture.numero, motif: rupture.motif } : { lignes: to, empreinte },
      fini: rupture !== undefined || to >= last,
    })
  },
})
