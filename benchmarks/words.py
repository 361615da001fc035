"""What our made pages are written with: the words of three languages, and how their shops write prices."""

from dataclasses import dataclass
from decimal import Decimal

MATERIALS = ("Oak", "Walnut", "Ash", "Birch", "Steel", "Linen", "Wool", "Cotton", "Glass", "Stone", "Brass", "Rattan")
THINGS = (
    "Lounge Chair", "Floor Lamp", "Coffee Table", "Bookcase", "Desk", "Bar Stool", "Cushion", "Rug", "Vase", "Mirror",
    "Kettle", "Teapot", "Serving Bowl", "Wall Clock", "Bed Frame", "Nightstand", "Bench", "Pendant Light", "Throw",
    "Cutting Board",
)  # fmt: skip
SERIES = (
    "Oslo", "Bergen", "Malmo", "Turku", "Aarhus", "Visby", "Narvik", "Lund", "Porto", "Ghent", "Delft", "Siena",
    "Tartu", "Cork", "Leiden", "Basel",
)  # fmt: skip
BRANDS = ("Nordhem", "Fjordline", "Holm & Sons", "Atelier Brume", "Kessel", "Lumiva", "Tarn", "Wollweber")

ENGLISH = (
    "the a and with for from your our this that every more than which made soft solid warm light dark natural hand finished "
    "wooden frame legs seat back cover fabric leather surface drawer shelf edge corner room kitchen bedroom hallway garden "
    "delivery return weeks days order customer service quality guarantee material care clean damp cloth dry oil wax polish "
    "assembly tools included screws minutes comfort height width depth weight colour design designer workshop family years "
    "stable sturdy simple timeless modern classic round square compact easy gentle durable recycled certified forest water "
    "sits looks feels fits keeps holds turns folds stands works arrived ordered bought love recommend instead before after"
).split()
GERMAN = (
    "der die das und mit für aus unser dieser jede mehr als welche gefertigt weich massiv warm hell dunkel natürlich Hand "
    "geölt Holz Gestell Beine Sitz Lehne Bezug Stoff Leder Oberfläche Schublade Regal Kante Ecke Zimmer Küche Schlafzimmer "
    "Lieferung Rückgabe Wochen Tage Bestellung Kunde Service Qualität Garantie Material Pflege reinigen feuchtes Tuch trocken "
    "Montage Werkzeug enthalten Schrauben Minuten Komfort Höhe Breite Tiefe Gewicht Farbe Entwurf Werkstatt Familie Jahre "
    "stabil schlicht zeitlos modern klassisch rund eckig kompakt einfach langlebig zertifiziert Wald Wasser sehr schön gut "
    "sitzt wirkt passt hält dreht steht kam bestellt gekauft empfehle statt vorher nachher wieder immer leider schnell"
).split()
FRENCH = (
    "le la les et avec pour de notre ce chaque plus que qui fabriqué doux massif chaud clair foncé naturel main huilé bois "
    "cadre pieds assise dossier housse tissu cuir surface tiroir étagère bord coin pièce cuisine chambre couloir jardin "
    "livraison retour semaines jours commande client service qualité garantie matière entretien nettoyer chiffon humide sec "
    "montage outils inclus vis minutes confort hauteur largeur profondeur poids couleur dessin atelier famille années stable "
    "solide simple intemporel moderne classique rond carré compact facile durable recyclé certifié forêt eau très beau bien "
    "tient tourne plie reste reçu commandé acheté recommande avant après encore toujours rapide conforme léger élégant"
).split()


@dataclass(frozen=True, slots=True)
class Locale:
    """One country's shops: their language, money and labels."""

    language: str
    currency: str
    price_format: str
    """With the place of the number."""
    thousands_mark: str
    decimal_mark: str
    words: tuple[str, ...]
    labels: dict[str, str]

    def format_price(self, price: Decimal) -> str:
        """As the shop shows it.

        >>> LOCALES[2].format_price(Decimal("1299.00"))
        '1.299,00 €'
        """
        whole, _, fraction = f"{price:,.2f}".partition(".")
        return self.price_format.format(whole.replace(",", self.thousands_mark) + self.decimal_mark + fraction)


_ENGLISH_LABELS = {
    "InStock": "In stock",
    "OutOfStock": "Out of stock",
    "PreOrder": "Pre-order",
    "sku": "SKU",
    "buy": "Add to basket",
    "before": "Was",
    "now": "Now",
    "description": "Description",
    "details": "Details",
    "reviews": "Reviews",
    "related": "You may also like",
    "home": "Home",
    "terms": "Terms",
}
_GERMAN_LABELS = {
    "InStock": "Auf Lager",
    "OutOfStock": "Nicht auf Lager",
    "PreOrder": "Vorbestellbar",
    "sku": "Artikelnummer",
    "buy": "In den Warenkorb",
    "before": "Statt",
    "now": "Jetzt",
    "description": "Beschreibung",
    "details": "Details",
    "reviews": "Bewertungen",
    "related": "Das könnte Ihnen auch gefallen",
    "home": "Startseite",
    "terms": "AGB",
}
_FRENCH_LABELS = {
    "InStock": "En stock",
    "OutOfStock": "Rupture de stock",
    "PreOrder": "Précommande",
    "sku": "Référence",
    "buy": "Ajouter au panier",
    "before": "Au lieu de",
    "now": "Maintenant",
    "description": "Description",
    "details": "Caractéristiques",
    "reviews": "Avis",
    "related": "Vous aimerez aussi",
    "home": "Accueil",
    "terms": "Conditions",
}

LOCALES = (
    Locale("en-GB", "GBP", "£{}", ",", ".", tuple(ENGLISH), _ENGLISH_LABELS),
    Locale("en-US", "USD", "${}", ",", ".", tuple(ENGLISH), _ENGLISH_LABELS),
    Locale("de-DE", "EUR", "{} €", ".", ",", tuple(GERMAN), _GERMAN_LABELS),
    Locale("fr-FR", "EUR", "{} €", "\N{NO-BREAK SPACE}", ",", tuple(FRENCH), _FRENCH_LABELS),
)
