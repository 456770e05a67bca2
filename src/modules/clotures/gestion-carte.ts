import { date } from '../../kernel/formats.ts'
import { etatOf } from '../documents/document.ts'
import type { Jour } from './calendrier.ts'
import type { Track } from './cloture.ts'
import { GENRES_IN_PATH, GENRE_OF, PISTES, choicesFor, contexteOf, mayIssue } from './emission.ts'
import { stateLabel, trackLabel } from './libelles.ts'
import { current, limitsOf, titlesOf } from './presentation.ts'
import type { AdherentDeCloture, Cloture, Regles } from './queries.ts'
import { regimeAt } from './regime.ts'

const OVER = new Set(['complete', 'recue', 'emise', 'consultee', 'termine_sans_anomalie', 'termine', 'fichier_detruit',
  'envoye_adherent', 'transmis_sie', 'ar_sie', 'publie', 'consulte']) // prettier-ignore
const ALERT = new Set(['incomplete', 'mise_en_demeure', 'termine_avec_anomalies', 'annulee', 'relancee_2'])
const IDLE = new Set(['attendue', 'a_emettre', 'a_faire', 'non_selectionne', 'en_attente', 'sans_objet'])

/** What staff reads and does about one exercice of an adhérent. */
export function gestionCarte(c: Cloture, adherent: AdherentDeCloture, regles: Regles, today: Jour) {
  const contexte = contexteOf(c, adherent, regles, today)
  const limits = limitsOf(c, regles)
  const titles = titlesOf(c, regles, today)
  const due: Partial<Record<Track, Jour | null>> = {
    reception: limits.liasse,
    eccv: limits.controle,
    crm: limits.compteRendu,
    dossier_gestion: limits.dossierGestion,
  }
  return {
    id: c.id,
    titre: `Exercice du ${date(c.debut)} au ${date(c.fin)}`,
    pistes: PISTES.map((piste) => ({
      piste,
      libelle: trackLabel(piste, regimeAt(today, regles.regime)),
      etat: c[piste],
      mot: stateLabel(piste, c[piste] as never),
      genre: OVER.has(c[piste])
        ? 'succes'
        : ALERT.has(c[piste])
          ? 'alerte'
          : IDLE.has(c[piste])
            ? 'neutre'
            : 'cours',
      echeance: OVER.has(c[piste]) ? null : (due[piste] ?? null),
      choix: choicesFor(piste, contexte),
    })),
    documents: c.documents.map((d) => ({ ...d, etat: etatOf(d as never) })),
    emissions: GENRES_IN_PATH.map((genre) => ({
      genre,
      libelle: {
        attestation: titles.attestation,
        'compte-rendu': titles.compteRendu,
        'dossier-de-gestion': titles.dossierGestion,
      }[genre],
      decision: mayIssue(GENRE_OF[genre], c, adherent, regles, today),
      remplace: current(c, GENRE_OF[genre]) !== undefined,
    })),
  }
}
