using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Grid.Storage.Registry.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class BalancesAndRevocations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ChargedWh",
                table: "HouseholdDays",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "DischargedWh",
                table: "HouseholdDays",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "EvWh",
                table: "HouseholdDays",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "MadeWh",
                table: "HouseholdDays",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsRevoked",
                table: "Gateways",
                type: "boolean",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ChargedWh",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "DischargedWh",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "EvWh",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "MadeWh",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "IsRevoked",
                table: "Gateways");
        }
    }
}
