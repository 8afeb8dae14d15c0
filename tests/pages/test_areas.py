"""The view of areas: table without a map, a map once a person has said where areas lie."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.leads import utc_now
from core.services.analyses import areas
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.store.figures.areas import Place
from tests.pages.conftest import Open

PAGE = "advanced_analytics"


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.subheader, *app.text, *app.caption))


def test_without_places_the_table_stands_and_the_page_says_what_a_map_needs(
    own: CommandCenter, open_page: Open
) -> None:
    app = open_page(own, PAGE, show="Areas")
    assert not app.exception
    assert "No map yet" in said(app)
    found = areas.areas(own, LeadFilter(), utc_now().date())
    table = app.dataframe[0].value
    assert list(table["Leads"]) == [one.sums.leads for one in found]
    assert list(table["Expected"]) == [float(one.sums.expected_usd) for one in found]


def test_a_place_is_said_in_the_form_and_the_map_appears_with_the_second(own: CommandCenter, open_page: Open) -> None:
    names = [one.sums.area for one in areas.areas(own, LeadFilter(), utc_now().date()) if one.sums.area]
    areas.put(own, {names[0]: Place(30.3, -97.7)})
    app = open_page(own, PAGE, show="Areas")
    assert "No map yet" in said(app)
    app.selectbox(key="place_area").set_value(names[1])
    app.number_input(key="place_north").set_value(30.2)
    app.button(key="place_save").click().run()
    assert "Give both latitude and longitude." in said(app)
    app.selectbox(key="place_area").set_value(names[1])
    app.number_input(key="place_north").set_value(30.2)
    app.number_input(key="place_east").set_value(-97.8)
    app.button(key="place_save").click().run()
    assert not app.exception
    assert areas.places(own)[names[1]] == Place(30.2, -97.8)
    assert "No map yet" not in said(app)


def test_a_file_of_places_is_counted_before_it_is_kept(own: CommandCenter, open_page: Open) -> None:
    name = next(one.sums.area for one in areas.areas(own, LeadFilter(), utc_now().date()) if one.sums.area)
    app = open_page(own, PAGE, show="Areas")
    app.file_uploader(key="places_file").upload("places.csv", b"area;latitude\nZilker;30\n").run()
    assert "the file has no column longitude; needed: area, latitude, longitude" in said(app)
    file = f"area,latitude,longitude\n{name},30.25,-97.75\nElsewhere,1,2\n"
    app.file_uploader(key="places_file").upload("places.csv", file.encode()).run()
    assert "2 areas in the file; leads above name 1 of them; new or moved: 2." in said(app)
    app.button(key="places_save").click().run()
    assert not app.exception
    assert areas.places(own) == {name: Place(30.25, -97.75), "Elsewhere": Place(1.0, 2.0)}
    assert "new or moved: 0" in said(app)


def test_an_empty_workspace_shows_the_ways_in(empty: CommandCenter, open_page: Open) -> None:
    assert "No leads yet" in said(open_page(empty, PAGE, show="Areas"))


def test_filters_that_let_nobody_through_say_so(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, PAGE, show="Areas", period="Own dates", days=["2001-01-01", "2001-01-02"])
    assert "No lead matches" in said(app)
