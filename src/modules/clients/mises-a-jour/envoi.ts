import { csvLines } from '../../../kernel/csv.ts'
import { Refusal } from '../../../kernel/errors.ts'
import { storeBytes } from '../../../kernel/files/store.ts'
import { date, pluriel, siret, telephone } from '../../../kernel/formats.ts'
import { queueMail } from '../../../kernel/mail/queue.ts'
import type { Ctx, SignedIn } from '../../../kernel/page.ts'
import { makePdf, pdfKind } from '../../../kernel/pdf/pool.ts'
import { adresseDe, nomDe } from '../../messages/envoi.ts'
import { codeDe } from '../../messages/message.ts'
import { insertFil, insertMessage } from '../../messages/queries.ts'
import { type Mouvement, RAISONS } from './mouvement.ts'
import { insertListe, lockPending, nextNumero } from './queries.ts'
import type { RecepisseData } from './recepisse.ts'

const RECEPISSE = pdfKind<RecepisseData>(new URL('./recepisse.ts', import.meta.url))

/** Above, the récépissé comes with the whole list as a table. */
const LIGNES_DU_PAPIER = 300

/**
 * Sends all that waits, in one act: a number, a récépissé, the list, a mail that announces it and its line among the
 * messages sent (F55, F56). @throws Refusal when nothing waits, because a colleague was first
 */
export async function sendAll(
  ctx: Ctx & SignedIn,
): Promise<{ id: string; recepisse: string; total: number }> {
  const { db, organisme, user, today } = ctx
  const annee = Number(today.slice(0, 4))
  // The thread of papers takes seconds to start on a busy machine: before the lock, which every other cabinet waits for.
  await makePdf(RECEPISSE, paper(ctx, '', []))
  // The lock of the number first: two people who send at once come one after the other.
  const numero = await nextNumero(db, annee)
  const mouvements = await lockPending(db)
  if (mouvements.length === 0) {
    throw new Refusal(
      'Il n’y a aucune mise à jour à envoyer\u00a0: un collègue l’a peut-être fait à l’instant.',
    )
  }
  const recepisse = `L-${annee}-${String(numero).padStart(6, '0')}`
  const { arrivees, departs, cabinet } = paper(ctx, recepisse, mouvements)
  const code = cabinet.numero
  const bytes = await makePdf(RECEPISSE, paper(ctx, recepisse, mouvements))
  const file = await storeBytes(ctx, { name: `Récépissé ${recepisse}.pdf`, mime: 'application/pdf', bytes })
  const fichierIds = [file.id]
  if (Math.max(arrivees.length, departs.length) > LIGNES_DU_PAPIER) {
    const table = { name: `Récépissé ${recepisse}.csv`, mime: 'text/csv', bytes: tableOf(mouvements) }
    fichierIds.push((await storeBytes(ctx, table)).id)
  }
  const id = await insertListe(db, { annee, numero, nom: nomDe(user), fichierId: file.id })
  const filId = await insertFil(db, {
    sujet: `[EXTRANET] Mise à jour liste clients [${code}]`,
    genre: 'liste-clients',
    expediteur: adresseDe(user),
    expediteurNom: nomDe(user),
    destinataireId: null,
    destinataire: organisme.sigle || organisme.nom,
    copies: [],
  })
  await insertMessage(db, {
    filId,
    auteurNom: nomDe(user),
    corps:
      `Mise à jour de la liste des clients, récépissé n°\u00a0${recepisse}\u00a0:\n` +
      `${pluriel(arrivees.length, 'nouveau client', 'nouveaux clients')}, ${pluriel(departs.length, 'départ', 'départs')}.`,
    fichierIds,
  })
  await queueMail(db, {
    key: `liste-clients:${id}`,
    template: 'liste-clients-recue',
    to: { nom: organisme.nom, courriel: organisme.courriel },
    data: { lien: `/gestion/mises-a-jour-clients/${id}`, code },
  })
  return { id, recepisse, total: mouvements.length }
}

function paper(
  { organisme, user, today, now }: Ctx & SignedIn,
  recepisse: string,
  mouvements: readonly Mouvement[],
): RecepisseData {
  return {
    recepisse,
    emetteur: {
      nom: organisme.nom,
      forme: organisme.forme,
      adresse: organisme.adresse,
      telephone: telephone(organisme.telephone),
      courriel: organisme.courriel,
      couleur: organisme.couleur,
    },
    cabinet: { nom: user.structureNom ?? '', numero: codeDe(user.structureNumero ?? '') },
    envoyePar: nomDe(user),
    envoyeLe: now.toISOString(),
    jour: today,
    arrivees: mouvements.filter((m) => m.genre === 'arrivee'),
    departs: mouvements.filter((m) => m.genre === 'depart'),
  }
}

const HEADER = ['Changement', 'N°', 'Nom', 'SIRET', 'Profession', 'Le', 'Raison', 'Précision']

function tableOf(mouvements: readonly Mouvement[]): Buffer {
  const rows = mouvements.map((m) => [
    m.genre === 'arrivee' ? 'Arrivée' : 'Départ', m.numero, m.nom, siret(m.siret).replace(/\u00a0/g, ' '), m.profession,
    date(m.le), m.raison === '' ? '' : RAISONS[m.raison], m.precision,
  ]) // prettier-ignore
  return Buffer.concat([csvLines([HEADER], true), csvLines(rows, false)])
}
