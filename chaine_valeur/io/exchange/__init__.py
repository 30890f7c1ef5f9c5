"""Files of other tools: Gephi (GEXF, GraphML), yEd, Kumu, floweaver, OpenSankey.

Each ``write_*`` returns an `Exchanged`: the files written and ``left_out``, a frame of what they could not carry. Each
``read_*`` returns a filière, whose ``problems`` say what was left out, made or set aside, with file and line.

One mapping for all, in `nodes_edges` (out) and `reading` (back):

==================  ====================================  ===================================  ====================
of a filière        GEXF, GraphML, Kumu                   floweaver                            OpenSankey
==================  ====================================  ===================================  ====================
actors              nodes                                 processes                            nodes
roles, college, …   attributes                            columns of the table of processes    node tags
flows               directed edges, weight in tonnes      rows of the file of flows            figures of links
materials           attribute of the edge                 dimension ``material``               flux or data tag
stages              attributes of the edge                dimensions; ``function``             —
years               periods (GEXF), attributes            dimension ``time``                   data tag
cooperations        edges, directed if their kind is      —                                    —
groups, members     nodes; edges from actor to group      —                                    —
a blank end         node ``outside``                      process ``outside``                  « Imports and exports »
``part_of``         attribute                             column                               read from levels
==================  ====================================  ===================================  ====================

A graph shows every row, with its state; floweaver and OpenSankey add rows up, so they get each flow that counts once.
"""
