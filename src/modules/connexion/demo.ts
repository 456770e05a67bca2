import { DEMO } from '../../kernel/config.ts'

/** What the log-in page of the demo says to a stranger; production never shows it. */
const ACCOUNTS: Record<string, [login: string, who: string][]> = {
  estuaire: [
    ['657', 'adhérente'],
    ['CNS1', 'cabinet'],
    ['COL14', 'collaboratrice'],
    ['agent@estuaire.example', 'permanente'],
  ],
  midi: [
    ['657', 'adhérent'],
    ['CNS1', 'cabinet'],
    ['agent@midi.example', 'permanent'],
  ],
  sillage: [
    ['agent@rocheval.example', 'client'],
    ['support@sillage.example', 'support'],
  ],
  plateforme: [['operateur@parvis.example', 'opératrice']],
}

export interface Demonstration {
  motDePasse: string
  comptes: { login: string; who: string }[]
}

export function demonstration(code: string): Demonstration | null {
  const comptes = ACCOUNTS[code]?.map(([login, who]) => ({ login, who }))
  return comptes ? { motDePasse: DEMO.password, comptes } : null
}
