"""Segments: saved from the page of leads, listed with their figures, renamed and deleted."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.leads import utc_now
from core.scoring import Tier
from core.services.analyses import clusters, segments
from core.services.center import CommandCenter
from core.store import LeadFilter
from tests.pages.conftest import Open

PAGE = "advanced_analytics"


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.subheader, *app.text, *app.caption))


def test_filters_of_the_list_become_a_segment(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, "leads", tier=["Hot", "Warm"], score=["10", "100"])
    app.text_input(key="segment_name_0").set_value("Worth a call")
    app.button(key="segment_save").click().run()
    assert not app.exception
    (one,) = segments.segments(own, utc_now().date())
    assert one.wanted == LeadFilter(tiers=(Tier.HOT, Tier.WARM), score_min=10.0)
    assert one.sums.leads == own.store.browse(one.wanted).total
    shown = open_page(own, PAGE, show="Segments")
    assert not shown.exception
    table = shown.dataframe[0].value
    assert list(table["Segment"]) == ["Worth a call"]
    assert list(table["Leads"]) == [one.sums.leads]


def test_a_segment_saved_beside_the_list_stands_in_it_at_once(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, PAGE, show="Segments", of_side=["Buyer"])
    assert "No segment yet" in said(app)
    app.text_input(key="segment_name_0").set_value("Buyers")
    app.button(key="segment_save").click().run()
    assert not app.exception
    assert "No segment yet" not in said(app)
    assert list(app.dataframe[0].value["Segment"]) == ["Buyers"]
    assert app.text_input(key="segment_name_1").value == ""


def test_a_segment_is_renamed_and_deleted_with_a_confirmation(own: CommandCenter, open_page: Open) -> None:
    segments.save(own, "Mine", LeadFilter())
    app = open_page(own, PAGE, show="Segments")
    app.text_input(key="segment_rename_Mine").set_value("Ours")
    app.button(key="segment_do_rename").click().run()
    assert not app.exception
    assert segments.names(own) == ["Ours"]
    app = open_page(own, PAGE, show="Segments")
    app.button(key="segment_do_delete").click().run()
    assert "Confirm that the segment shall be deleted" in said(app)
    app.checkbox(key="segment_sure_Ours").check()
    app.button(key="segment_do_delete").click().run()
    assert segments.names(own) == []
    assert "No segment yet" in said(app)


def test_an_empty_workspace_shows_the_ways_in(empty: CommandCenter, open_page: Open) -> None:
    assert "No leads yet" in said(open_page(empty, PAGE, show="Segments"))


def test_clusters_that_were_found_are_shown_and_not_found_again(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, PAGE, show="Segments")
    assert "No clusters yet" in said(app)
    clusters.find(own)
    app = open_page(own, PAGE, show="Segments")
    assert not app.exception
    kept = clusters.clustering(own, LeadFilter(), utc_now().date())
    assert kept is not None
    assert list(app.dataframe[0].value["Cluster"]) == [one.name for one in kept.clusters]
    assert f"over {kept.leads} leads as model {kept.model_version} knows them" in said(app)
    app.run()
    assert clusters.clustering(own, LeadFilter(), utc_now().date()) == kept
