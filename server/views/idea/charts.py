"""Part of the pages of an idea: judgements as charts."""

from collab.process.feasibility.weighting import weighting_named
from server.views.feasibility.charts import charts
from server.views.idea.gathering import Context, View
from server.views.idea.talk import judgement_part


async def charts_part(view: View) -> Context:
    """What the reader may see of the judgements, in the view that the query names."""
    context = await judgement_part(view)
    weighting = weighting_named(view.query.get("weighting", ""))
    return {**context, "charts": charts(context["panel"], weighting)}
