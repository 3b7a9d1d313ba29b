-- The game to learn by: for each team and level that it has solved, the fewest questions that it took.
create table game_best (
    team             text not null check (length(team) between 1 and 60),
    level            smallint not null check (level between 1 and 8),
    questions        int not null check (questions > 0),
    primary key (team, level)
);
