//! Short comments in Spanish and English that agree with touchpoint and score.
//!
//! Every comment is one sentence about the touchpoint and an optional closing one, so there
//! are hundreds of them and a file stores each once.

use std::ops::Range;

use super::answers::Attitude;
use super::vocabulary::{LANGUAGES, TOUCHPOINTS};

/// By language and touchpoint: three complaints, then three words of praise.
#[rustfmt::skip]
const SENTENCES: [[[&str; 6]; TOUCHPOINTS.len()]; LANGUAGES.len()] = [
    [
        ["La web se cuelga al pagar", "No encuentro nada en el buscador de la web", "La página tarda una eternidad en cargar", "La web es clara y rápida", "Compré en dos minutos desde el ordenador", "Muy fácil comparar productos en la web"],
        ["La aplicación se cierra sola", "Después de actualizar, la app pide la clave cada vez", "Faltan funciones que sí tiene la web", "La app funciona de maravilla", "Con la aplicación lo hago todo en un momento", "Me encantan los avisos de la app"],
        ["Demasiada cola en la tienda", "Nadie me atendió en la tienda", "El producto que vi en el escaparate estaba agotado", "El personal de la tienda, encantador", "En la tienda me explicaron todo con paciencia", "La tienda está ordenada y hay mucha variedad"],
        ["Cuarenta minutos al teléfono y nadie resolvió nada", "Cada agente me dijo una cosa distinta", "Tuve que llamar tres veces por lo mismo", "La agente resolvió mi problema a la primera", "Me atendieron por teléfono con mucha amabilidad", "Llamé y en cinco minutos estaba solucionado"],
        ["El paquete llegó una semana tarde", "La caja llegó rota y mojada", "El repartidor dijo que no había nadie, y yo estaba en casa", "El pedido llegó antes de lo previsto", "Entrega puntual y paquete impecable", "El repartidor fue muy amable"],
        ["Me cobraron dos veces", "La factura no hay quien la entienda", "Subieron el precio sin avisar", "La factura es clara", "Pagar es sencillo y sin sorpresas", "Me devolvieron un cobro de más enseguida"],
        ["El alta fue un laberinto de formularios", "Nadie me explicó cómo empezar", "Tardaron dos semanas en activar la cuenta", "El alta fue muy sencilla", "Me acompañaron en los primeros pasos", "Empecé a usarlo el mismo día"],
        ["La devolución fue un calvario", "Sigo esperando el reembolso", "Me hicieron pagar el envío de la devolución", "Devolver el producto fue facilísimo", "El reembolso llegó en dos días", "Aceptaron el cambio sin preguntas"],
    ],
    [
        ["The website froze at checkout", "The search on the site finds nothing", "Pages take forever to load", "The website is clear and fast", "I ordered in two minutes from my laptop", "Comparing products online is very easy"],
        ["The app keeps crashing", "Since the update the app asks for my password every time", "The app lacks things the website has", "The app works like a charm", "I get everything done in the app in no time", "Love the notifications in the app"],
        ["The queue in the store was far too long", "Nobody served me in the store", "What I saw in the window was out of stock", "Lovely people in the store", "They took the time to explain everything in the store", "The store is tidy and has a wide choice"],
        ["Forty minutes on the phone and nothing was solved", "Every agent told me something different", "I had to call three times about the same thing", "The agent solved my problem at the first call", "Very kind people on the phone", "I called and it was sorted in five minutes"],
        ["The parcel came a week late", "The box arrived broken and wet", "The courier said nobody was in, but I was at home", "The order came earlier than promised", "On time, and perfectly packed", "The courier was very friendly"],
        ["I was charged twice", "Nobody can understand this bill", "The price went up without notice", "The bill is clear", "Paying is simple and without surprises", "They refunded a wrong charge at once"],
        ["Signing up was a maze of forms", "Nobody explained how to start", "It took two weeks to activate my account", "Signing up was very easy", "They guided me through the first steps", "I was up and running the same day"],
        ["Returning it was an ordeal", "I am still waiting for the refund", "I had to pay for the return myself", "Returning the product was effortless", "The refund came in two days", "They took it back, no questions asked"],
    ],
];

/// By language and attitude: what may close a comment.
#[rustfmt::skip]
const CLOSINGS: [[[&str; 5]; 3]; LANGUAGES.len()] = [
    [
        ["", "; no vuelvo", ". Así no se trata a un cliente", ", y el precio no lo vale", ". \"Lo miramos\", me dijeron, y nada"],
        ["", ", pero podría ser más rápido", ", aunque el precio es alto", ". En general, correcto", ", con margen de mejora"],
        ["", ". ¡Gracias!", ", lo recomiendo", ". Da gusto ser cliente", ", un diez"],
    ],
    [
        ["", "; never again", ". No way to treat a customer", ", and not worth the price", ". \"We'll look into it\", they said, and nothing happened"],
        ["", ", but it could be faster", ", though the price is high", ". Fine overall", ", with room to improve"],
        ["", ". Thank you!", ", I recommend it", ". A pleasure to be a customer", ", ten out of ten"],
    ],
];

/// All comments, in an order that lets those about one matter be a range.
#[derive(Debug)]
pub(super) struct Comments {
    texts: Vec<String>,
}

/// Sentences and closings of one matter multiplied.
const PER_MATTER: u16 = 15;
const ATTITUDES: u16 = 3;

impl Comments {
    pub(super) fn new() -> Self {
        let mut texts = Vec::new();
        for (sentences, closings) in SENTENCES.iter().zip(&CLOSINGS) {
            for about in sentences {
                for (attitude, closings) in closings.iter().enumerate() {
                    // Those who hesitate say something kind and then what is missing.
                    let said = if attitude == 0 {
                        &about[..3]
                    } else {
                        &about[3..]
                    };
                    let closed = said
                        .iter()
                        .flat_map(|s| closings.iter().map(move |c| (s, c)));
                    texts.extend(closed.map(|(sentence, closing)| format!("{sentence}{closing}")));
                }
            }
        }
        Self { texts }
    }

    /// Places of the comments about one matter.
    pub(super) fn about(&self, language: u8, touchpoint: usize, attitude: Attitude) -> Range<u16> {
        let matter = u16::from(language) * TOUCHPOINTS.len() as u16 + touchpoint as u16;
        let start = (matter * ATTITUDES + attitude as u16) * PER_MATTER;
        start..start + PER_MATTER
    }

    /// The texts by place.
    pub(super) fn texts(&self) -> &[String] {
        &self.texts
    }
}

#[cfg(test)]
mod tests {
    use super::super::answers::Attitude;
    use super::super::vocabulary::DELIVERY;
    use super::Comments;

    #[test]
    fn comments_agree_with_language_touchpoint_and_attitude() {
        let comments = Comments::new();
        let about = |language, attitude| {
            let range = comments.about(language, DELIVERY, attitude);
            comments.texts()[usize::from(range.start)].as_str()
        };
        assert_eq!(
            about(0, Attitude::Complains),
            "El paquete llegó una semana tarde"
        );
        assert_eq!(
            about(1, Attitude::Praises),
            "The order came earlier than promised"
        );
        let last = comments.about(1, 7, Attitude::Praises);
        assert_eq!(usize::from(last.end), comments.texts().len());
    }
}
