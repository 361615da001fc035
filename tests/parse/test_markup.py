"""Microdata, RDFa Lite and meta elements."""

from scraper.parse.microdata import extract_microdata
from scraper.parse.opengraph import extract_opengraph
from scraper.parse.rdfa import extract_rdfa
from tests.parse.pages import document_of

PRODUCT = 'itemscope itemtype="http://schema.org/Product"'


def test_microdata_values_stand_in_attributes_or_text() -> None:
    """content, href, src and datetime are read before the text."""
    body = f"""<div {PRODUCT}><b itemprop=name> Blue
      Cup </b><meta itemprop=sku content=C1><img itemprop=image src=/c.jpg>
      <p itemprop=offers itemscope><i itemprop=price content=5.50>5,50</i>
      <link itemprop=availability href=InStock></p></div>"""
    fields = extract_microdata(document_of(body))[0].fields
    assert fields == {"name": "Blue Cup", "sku": "C1", "images": ["/c.jpg"], "price": "5.50", "availability": "InStock"}


def test_microdata_link_around_a_name_is_the_name() -> None:
    """Shops mark the link to a brand's page as the brand, which by the letter would be its address."""
    links = "<a itemprop=brand href=/acme>Acme</a><a itemprop=url href=/c>C</a>"
    body = f"<div {PRODUCT}><b itemprop=name>Cup</b>{links}</div>"
    assert extract_microdata(document_of(body))[0].fields == {"name": "Cup", "brand": "Acme", "url": "/c"}


def test_microdata_property_belongs_to_the_nearest_item() -> None:
    """The name of the brand is not the name of the product."""
    body = f"<div {PRODUCT}><p itemprop=brand itemscope><i itemprop=name>Acme</i></p><b itemprop=name>Cup</b></div>"
    fields = extract_microdata(document_of(body))[0].fields
    assert (fields["name"], fields["brand"]) == ("Cup", "Acme")


def test_microdata_type_without_a_scope() -> None:
    """Such an element is an item as well, but for the value of a property."""
    price = "<i itemprop=price itemtype=http://schema.org/Number>5</i>"
    offer = f"<p itemprop=offers itemscope itemtype=http://schema.org/Offer>{price}</p>"
    body = f"<div itemtype=http://schema.org/Product><b itemprop=name>Cup</b>{offer}</div>"
    fields = extract_microdata(document_of(body))[0].fields
    assert fields == {"name": "Cup", "price": "5"}


def test_microdata_link_around_a_name() -> None:
    """A brand is what its link says, not where it leads; a picture is where it leads."""
    links = "<a itemprop=brand href=/b/7>Acme</a><a itemprop=image href=/c.jpg>+</a>"
    fields = extract_microdata(document_of(f"<div {PRODUCT}><b itemprop=name>Cup</b>{links}"))[0].fields
    assert (fields["brand"], fields["images"]) == ("Acme", ["/c.jpg"])


def test_microdata_itemref_adds_what_stands_elsewhere() -> None:
    """Properties below an element that itemref names belong to the item."""
    body = f'<div {PRODUCT} itemref="more"><b itemprop=name>Cup</b></div><p id=more><i itemprop=mpn>M-1</i></p>'
    assert extract_microdata(document_of(body))[0].fields["mpn"] == "M-1"


def test_microdata_itemref_to_itself_ends() -> None:
    """An item inside what it refers to makes no endless loop."""
    body = f"<div id=a><div {PRODUCT} itemprop=isRelatedTo itemref=a><b itemprop=name>Cup</b></div></div>"
    assert [candidate.fields["name"] for candidate in extract_microdata(document_of(body))] == ["Cup"]


def test_rdfa_lite_with_and_without_prefix() -> None:
    """Properties may carry the schema: prefix; those of other vocabularies are not ours."""
    body = """<div vocab="https://schema.org/" typeof="schema:Product"><b property="schema:name">Cup</b>
      <i property="gr:hasPrice">9</i><p property=offers typeof=Offer><i property=price>5</i></p></div>"""
    assert extract_rdfa(document_of(body))[0].fields == {"name": "Cup", "price": "5"}


def test_meta_elements_of_several_products_say_no_price() -> None:
    """Two different amounts are a list's, so none of them is taken."""
    metas = '<meta property="og:title" content="Cups">' + "".join(
        f'<meta property="product:price:amount" content="{amount}">' for amount in (5, 6)
    )
    assert extract_opengraph(document_of(metas))[0].fields == {"name": "Cups"}


def test_blank_meta_is_none() -> None:
    """An empty content does not hide a filled one of lower rank."""
    metas = '<meta property="og:title" content=" "><meta name="twitter:title" content="Cup">'
    assert extract_opengraph(document_of(metas))[0].fields == {"name": "Cup"}


def test_data_vocabulary_is_read_as_schema_org() -> None:
    """The vocabulary before schema.org: offerDetails, currency, identifier, Review-aggregate."""
    body = """<div itemscope itemtype="http://data-vocabulary.org/Product"><b itemprop=name>Cup</b>
      <i itemprop=identifier content="mpn:BM-1"></i><p itemprop=offerDetails itemscope
      itemtype="http://data-vocabulary.org/Offer"><i itemprop=currency>USD</i><i itemprop=price>12.50</i></p>
      <p itemprop=review itemscope itemtype="http://data-vocabulary.org/Review-aggregate"><i itemprop=rating>4.5</i>
      <i itemprop=count>12</i></p></div>"""
    assert extract_microdata(document_of(body))[0].fields == {
        "name": "Cup", "mpn": "BM-1", "price": "12.50", "currency": "USD", "rating": "4.5", "review_count": "12",
    }  # fmt: skip


def test_labels_of_a_twitter_card() -> None:
    """What a card calls price and availability; a linked picture where no meta names one."""
    head = """<meta name=twitter:label1 content=Price><meta name=twitter:data1 content="$12.50">
      <meta name=twitter:label2 content=Availability><meta name=twitter:data2 content="In stock">
      <link rel=image_src href=/m.jpg>"""
    assert extract_opengraph(document_of(head))[0].fields == {
        "price_text": "$12.50", "availability": "In stock", "images": ["/m.jpg"],
    }  # fmt: skip
