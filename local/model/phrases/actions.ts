import type { Language } from '../language.ts';

/** How the model speaks of what is to be done, is done, or is not. */
type ActionPhrases = {
  asked: string;
  waits: string;
  cancelled: string;
  denied(reason: string | undefined): string;
  expired: string;
  unknown: string;
  duplicate: string;
  tooLate: string;
  moreThanPaid(left: string): string;
  paidOut: string;
  limit: string;
  refunded(amount: string, order: string): string;
  refundCancelled(amount: string, order: string): string;
  addressChanged(order: string, address: string): string;
};

export const actionPhrases: Record<Language, ActionPhrases> = {
  en: {
    asked: 'I have prepared this for you. Please check the card and confirm it there; nothing has been changed yet.',
    waits: 'Thank you. One of our team has to approve this first; I will tell you here as soon as that is decided.',
    cancelled: 'All right, I have left everything as it was.',
    denied: (reason) =>
      `Our team did not approve this, so nothing was changed.${reason ? ` Their reason: ${reason}` : ''}`,
    expired: 'The time to decide is over, so nothing was changed. Just ask me again if you still want it.',
    unknown:
      'I do not know whether this went through, so I will not try it again. Our team is looking at it and will make sure it is right.',
    duplicate: 'I have asked you about exactly this already; please look at the card above.',
    tooLate: 'The order is packed already, so its address cannot be changed any more.',
    moreThanPaid: (left) => `That is more than can be refunded for this order; ${left} are left.`,
    paidOut: 'The refund is paid out already, so it cannot be taken back.',
    limit: 'I cannot do this as often or as much as you ask. A person from our team can look into it.',
    refunded: (amount, order) => `Done: ${amount} of order ${order} are being refunded.`,
    refundCancelled: (amount, order) => `Done: the refund of ${amount} for order ${order} is cancelled.`,
    addressChanged: (order, address) => `Done: order ${order} now goes to ${address}.`,
  },
  de: {
    asked:
      'Ich habe das für Sie vorbereitet. Bitte prüfen Sie die Karte und bestätigen Sie dort; noch ist nichts geändert.',
    waits:
      'Danke. Jemand aus unserem Team muss das noch genehmigen; ich sage Ihnen hier Bescheid, sobald es entschieden ist.',
    cancelled: 'In Ordnung, ich habe alles so gelassen, wie es war.',
    denied: (reason) =>
      `Unser Team hat das nicht genehmigt, es wurde nichts geändert.${reason ? ` Der Grund: ${reason}` : ''}`,
    expired: 'Die Zeit für die Entscheidung ist abgelaufen, es wurde nichts geändert. Fragen Sie gern noch einmal.',
    unknown:
      'Ich weiß nicht, ob das geklappt hat, und versuche es deshalb nicht noch einmal. Unser Team sieht nach und bringt es in Ordnung.',
    duplicate: 'Genau danach habe ich Sie schon gefragt; bitte sehen Sie auf die Karte oben.',
    tooLate: 'Die Bestellung ist schon gepackt, die Adresse lässt sich nicht mehr ändern.',
    moreThanPaid: (left) => `Das ist mehr, als für diese Bestellung erstattet werden kann; es bleiben ${left}.`,
    paidOut: 'Die Erstattung ist schon ausgezahlt und lässt sich nicht mehr zurücknehmen.',
    limit: 'So oft oder so viel kann ich das nicht tun. Ein Mensch aus unserem Team kann sich das ansehen.',
    refunded: (amount, order) => `Erledigt: ${amount} aus der Bestellung ${order} werden erstattet.`,
    refundCancelled: (amount, order) =>
      `Erledigt: Die Erstattung von ${amount} für die Bestellung ${order} ist zurückgenommen.`,
    addressChanged: (order, address) => `Erledigt: Die Bestellung ${order} geht jetzt an ${address}.`,
  },
  fr: {
    asked: "J'ai préparé cela pour vous. Vérifiez la carte et confirmez-y ; rien n'a encore été modifié.",
    waits:
      "Merci. Un membre de notre équipe doit d'abord donner son accord ; je vous le dirai ici dès que ce sera décidé.",
    cancelled: "Très bien, j'ai tout laissé en l'état.",
    denied: (reason) =>
      `Notre équipe n'a pas donné son accord, rien n'a été modifié.${reason ? ` La raison : ${reason}` : ''}`,
    expired: "Le délai pour décider est passé, rien n'a été modifié. Redemandez-le si vous le souhaitez encore.",
    unknown:
      "Je ne sais pas si cela a abouti, je ne vais donc pas réessayer. Notre équipe vérifie et s'assure que tout est en ordre.",
    duplicate: 'Je vous ai déjà posé exactement cette question ; regardez la carte ci-dessus.',
    tooLate: 'La commande est déjà emballée, son adresse ne peut plus être modifiée.',
    moreThanPaid: (left) => `C'est plus que ce qui peut être remboursé pour cette commande ; il reste ${left}.`,
    paidOut: 'Le remboursement est déjà versé et ne peut plus être annulé.',
    limit: 'Je ne peux pas le faire aussi souvent ou pour autant. Une personne de notre équipe peut regarder cela.',
    refunded: (amount, order) => `C'est fait : ${amount} de la commande ${order} vont être remboursés.`,
    refundCancelled: (amount, order) =>
      `C'est fait : le remboursement de ${amount} pour la commande ${order} est annulé.`,
    addressChanged: (order, address) => `C'est fait : la commande ${order} ira désormais à ${address}.`,
  },
  es: {
    asked: 'Lo he preparado. Revise la tarjeta y confírmelo allí; todavía no se ha cambiado nada.',
    waits: 'Gracias. Alguien de nuestro equipo tiene que aprobarlo antes; se lo diré aquí en cuanto se decida.',
    cancelled: 'De acuerdo, lo he dejado todo como estaba.',
    denied: (reason) =>
      `Nuestro equipo no lo ha aprobado, no se ha cambiado nada.${reason ? ` El motivo: ${reason}` : ''}`,
    expired: 'El plazo para decidir ha terminado, no se ha cambiado nada. Pídamelo de nuevo si todavía lo quiere.',
    unknown:
      'No sé si se ha completado, así que no lo intentaré otra vez. Nuestro equipo lo está comprobando y lo dejará en orden.',
    duplicate: 'Ya le he preguntado exactamente por esto; mire la tarjeta de arriba.',
    tooLate: 'El pedido ya está preparado, su dirección no se puede cambiar.',
    moreThanPaid: (left) => `Es más de lo que se puede reembolsar de este pedido; quedan ${left}.`,
    paidOut: 'El reembolso ya está pagado y no se puede anular.',
    limit: 'No puedo hacerlo tantas veces o por tanto. Una persona de nuestro equipo puede revisarlo.',
    refunded: (amount, order) => `Hecho: se reembolsan ${amount} del pedido ${order}.`,
    refundCancelled: (amount, order) => `Hecho: el reembolso de ${amount} del pedido ${order} queda anulado.`,
    addressChanged: (order, address) => `Hecho: el pedido ${order} irá ahora a ${address}.`,
  },
  pt: {
    asked: 'Preparei isto para si. Verifique o cartão e confirme nele; ainda nada foi alterado.',
    waits: 'Obrigado. Alguém da nossa equipa tem de aprovar primeiro; digo-lhe aqui assim que estiver decidido.',
    cancelled: 'Muito bem, deixei tudo como estava.',
    denied: (reason) => `A nossa equipa não aprovou, nada foi alterado.${reason ? ` O motivo: ${reason}` : ''}`,
    expired: 'O prazo para decidir terminou, nada foi alterado. Peça-me de novo se ainda o quiser.',
    unknown:
      'Não sei se isto foi concluído, por isso não volto a tentar. A nossa equipa está a verificar e trata de que fique certo.',
    duplicate: 'Já lhe perguntei exatamente isto; veja o cartão acima.',
    tooLate: 'A encomenda já está embalada, a morada já não pode ser alterada.',
    moreThanPaid: (left) => `É mais do que pode ser reembolsado nesta encomenda; restam ${left}.`,
    paidOut: 'O reembolso já foi pago e já não pode ser anulado.',
    limit: 'Não o posso fazer tantas vezes ou por tanto. Uma pessoa da nossa equipa pode ver isso.',
    refunded: (amount, order) => `Feito: ${amount} da encomenda ${order} estão a ser reembolsados.`,
    refundCancelled: (amount, order) => `Feito: o reembolso de ${amount} da encomenda ${order} foi anulado.`,
    addressChanged: (order, address) => `Feito: a encomenda ${order} segue agora para ${address}.`,
  },
};
